// The load generator: wrk where the machine has it, which measures finer, else autocannon; one of them for a whole run.
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Enough to keep a server of one thread busy all the time; more would only queue in it. */
export const CONNECTIONS = 16;

const supportFile = (name) => fileURLToPath(new URL(`support/${name}`, import.meta.url));

/**
 * `{ name, run(baseUrl, seconds) }`; a run gives `{ requests, seconds, failures, p50Micros, p99Micros, p999Micros }`, where
 * every connection sends its next request when the answer is there.
 */
export function createLoad(pages, folder) {
  const requestsFile = join(folder, 'requests.tsv');
  const lines = pages.map(({ url, origin }) => `/config?url=${encodeURIComponent(url)}\t${origin ?? ''}\n`);
  writeFileSync(requestsFile, lines.join(''));
  const version = wrkVersion();
  return {
    name: version ?? 'autocannon',
    async run(baseUrl, seconds) {
      const [program, args] = version
        ? ['wrk', wrkArguments(baseUrl, seconds, requestsFile)]
        : [
            process.execPath,
            [supportFile('autocannon-load.mjs'), baseUrl, requestsFile, CONNECTIONS, seconds],
          ];
      const { stdout } = await promisify(execFile)(program, args.map(String));
      return JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')));
    },
  };
}

function wrkArguments(baseUrl, seconds, requestsFile) {
  const script = ['--script', supportFile('wrk.lua')];
  return [
    '--threads',
    1,
    '--connections',
    CONNECTIONS,
    '--duration',
    `${seconds}s`,
    '--latency',
    ...script,
    baseUrl,
    '--',
    requestsFile,
  ];
}

function wrkVersion() {
  try {
    // It prints its version, and exits with 1 for lack of an address.
    execFileSync('wrk', ['-v'], { stdio: 'pipe' });
  } catch (error) {
    return /^wrk \S+/.exec(String(error.stdout ?? ''))?.[0];
  }
  return undefined;
}
