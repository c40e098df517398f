// `doctor`: checks everything that the service needs, with the real configuration, and says what to do.
import type { Clock } from '../../base/clock';
import { ConfigError, loadConfig, type Config } from '../../config/config';
import type { ReadFile } from '../../config/variable-kinds';
import type { Environment } from '../../config/env-file';
import { createTransport } from '../../open-platform/transport';
import type { RandomSource } from '../../base/random';
import { checkApp, checkClock } from './check-app';
import { checkSettings } from './check-settings';
import { checkStore } from './check-store';
import { checkNetworkPath } from './check-network-path';
import { renderFinding, type Finding } from './finding';

/** The doctor's inputs, and its output. */
export interface DoctorOptions {
  env: Environment;
  readFile: ReadFile;
  clock: Clock;
  random: RandomSource;
  /** One line at a time, as soon as it is known; with `json` one line in all. */
  print: (line: string) => void;
  /** `{"ok", "findings": [{"check", "subject"?, "verdict", "finding", "advice"?}]}` instead of text. */
  json: boolean;
}

/** Resolves with whether nothing is wrong. It makes one token call and one ticket call for each app. */
export async function runDoctor({ json, print, ...io }: DoctorOptions): Promise<boolean> {
  const findings: Finding[] = [];
  for await (const finding of examine(io)) {
    findings.push(finding);
    if (!json) for (const line of renderFinding(finding)) print(line);
  }
  const ok = findings.every(({ verdict }) => verdict !== 'wrong');
  if (json) print(JSON.stringify({ ok, findings }));
  else print(ok ? 'The service can sign.' : 'Something is wrong: see the lines that begin with WRONG.');
  return ok;
}

type Means = Pick<DoctorOptions, 'env' | 'readFile' | 'clock' | 'random'>;

async function* examine({ env, readFile, clock, random }: Means): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = loadConfig(env, readFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { variable, message } of error.faults) yield explainFault(variable, message);
    return;
  }
  yield* checkSettings(config);
  yield* await checkStore(config, clock, random);

  const transport = createTransport({ caPem: config.caPem, proxy: config.proxy });
  const io = { fetch: transport.fetch, clock, clockCorrection: config.clockCorrection };
  try {
    for (const baseUrl of new Set(config.apps.map(({ platformBaseUrl }) => platformBaseUrl))) {
      const way = await checkNetworkPath(baseUrl, config, clock);
      yield* way;
      // Without a network path every further call fails for the same reason.
      if (way.some(({ verdict }) => verdict === 'wrong')) continue;
      yield await checkClock(baseUrl, io);
      // One after the other: the platform limits what comes at once.
      for (const app of config.apps) if (app.platformBaseUrl === baseUrl) yield* await checkApp(app, io);
    }
  } finally {
    await transport.close();
  }
}

/** Most faults say what to write behind a colon; the whole is what to do where one does not. */
function explainFault(variable: string, message: string): Finding {
  const [, finding = 'cannot be used', advice = message] = /^(.*?)(?:: )(.+)$/s.exec(message) ?? [];
  return { check: 'variables', subject: variable, verdict: 'wrong', finding: `${finding}.`, advice };
}
