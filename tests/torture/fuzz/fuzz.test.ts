// Hostile input to every part of the service, a sample of what `npm run torture -- fuzz` feeds.
import { useChromium } from '../../support/browser/chromium';
import { describeWith } from '../../support/needs-program';
import { judgeInChromium } from './judge-in-chromium';
import { runFuzz, TARGETS } from './run-fuzz';

/** About five seconds of CPU. A seed that stays, so that a failure is reproducible. */
const SAMPLE = { inputs: 6_000, seed: 1 };

let pages: readonly string[] = [];

test('no hostile input crashes, stalls, leaks or gets a signature it should not have', async () => {
  const report = await runFuzz(SAMPLE);
  expect(report.failures).toEqual([]);
  expect(report.targets.map(({ target }) => target)).toEqual(Object.keys(TARGETS));
  expect(report.targets.reduce((sum, { inputs }) => sum + inputs, 0)).toBe(SAMPLE.inputs);
  pages = report.pages;
});

describeWith('chromium', 'a real browser', () => {
  const chromium = useChromium();

  test('sees the addresses that were signed for as the service does', async () => {
    // Were nothing signed, nothing would be said of what is.
    expect(pages.length).toBeGreaterThan(50);
    expect(await judgeInChromium(chromium.browser, pages, 10)).toEqual([]);
  });
});
