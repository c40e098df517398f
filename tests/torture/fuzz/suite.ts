// `npm run torture -- fuzz`: the figures of each target, and Chromium's opinion of what was signed.
import { launchChromium } from '../../support/browser/chromium';
import { hasProgram } from '../../support/needs-program';
import { UsageError, type RunSuite } from '../suite';
import { judgeInChromium } from './judge-in-chromium';
import { runFuzz, TARGETS } from './run-fuzz';

export const run: RunSuite = async ({ seed, size, options, print, onProgress }) => {
  const names = Object.keys(TARGETS);
  const only = options['only'] as string | undefined;
  if (only !== undefined && !names.includes(only))
    throw new UsageError(`--only is one of: ${names.join(', ')}.`);

  const { targets, failures, pages } = await runFuzz({ inputs: size, seed, only, onProgress });
  for (const { target, inputs, seconds, slowestMs } of targets)
    print(
      `${target}: ${inputs} inputs in ${seconds.toFixed(1)} s, ${Math.round(inputs / seconds)}/s, slowest ${slowestMs.toFixed(1)} ms`,
    );
  const found = [...failures, ...(pages.length > 0 ? await askChromium(pages, print) : [])];
  for (const failure of found) print(`FAILURE in ${failure}`);
  const total = targets.reduce((sum, { inputs }) => sum + inputs, 0);
  return { isGood: found.length === 0, summary: `${total} inputs, ${found.length} failures` };
};

/** What Chromium reads differently. Where it is not installed, that is printed and nothing is judged. */
async function askChromium(pages: readonly string[], print: (line: string) => void): Promise<string[]> {
  if (!hasProgram('chromium')) {
    print(`Chromium: not on the PATH, ${pages.length} signed addresses not judged`);
    return [];
  }
  const browser = await launchChromium();
  try {
    const differences = await judgeInChromium(browser, pages);
    print(`Chromium: ${pages.length} signed addresses read, ${differences.length} read differently`);
    return differences.map((difference) => `Chromium: ${difference}`);
  } finally {
    await browser.close();
  }
}
