// The process: its commands, environment, signals and exit codes. The only file that touches `process`.
import { setFlagsFromString } from 'node:v8';
import type * as commandsModule from './cli/commands';
import { defineCommand, readCommandLine, readPort, type Program } from './cli/command-line';
import { EXPLAIN_OPTIONS } from './cli/explain-options';
import { systemClock } from './base/clock';
import { systemRandom } from './base/random';
import { loadConfig } from './config/config';
import { readTextFileSync as readText } from './config/read-text-file';
import { mergeEnvFile } from './config/env-file';
import { explainListenFailure } from './http/listen';
import { readVersion } from './base/package-files';
import { createService, type ServiceOverrides } from './service';

type Env = Record<string, string | undefined>;

/** What other commands need is no burden on the start of the service. */
function commands(): typeof commandsModule {
  // oxlint-disable-next-line typescript/no-require-imports -- loaded later than this file
  return require('./cli/commands') as typeof commandsModule;
}

/**
 * undici reads replies by a parser in WebAssembly, which V8 optimizes after its first reply: 0.1 s of CPU time and 14 MB of memory for a
 * few calls an hour. With a budget that is never used up, V8 leaves the parser as it is.
 */
const NEVER_OPTIMIZE_WEBASSEMBLY = '--wasm-tiering-budget=2000000000';

const PORT = { value: '<n>', read: readPort } as const;

const start = defineCommand({
  summary: 'start the service, configured by environment variables and .env',
  options: {},
  run: () => runService(readEnvironment()),
});

const demo = defineCommand({
  summary: 'start the service with a simulated platform; nothing to configure',
  about: `Starts the service and a simulated platform, both at the loopback address, and prints how to use them. Environment
variables and .env are not read.`,
  options: { port: { ...PORT, help: 'the port of the service, 3000 by default, 0 for any free one' } },
  run: ({ port }) => runDemo(port),
});

const dev = defineCommand({
  summary: 'as start, for development; without LARK_APP_ID or LARK_APPS_FILE as demo',
  about: `Starts the service with its page and the operator's endpoints open, at the loopback address unless HOST is set. Without
LARK_APP_ID or LARK_APPS_FILE it does what demo does.`,
  options: { port: { ...PORT, help: 'the port of the service, in place of PORT' } },
  run({ port }) {
    const env = readEnvironment();
    if (!env['LARK_APP_ID'] && !env['LARK_APPS_FILE']) return runDemo(port);
    // Endpoints open to every client listen on this machine only, unless HOST says otherwise.
    const own = { PUBLIC_PAGE: 'on', ...(port !== undefined && { PORT: String(port) }) };
    return runService({ HOST: '127.0.0.1', ...env, ...own }, { openOperator: true });
  },
});

const sandbox = defineCommand({
  summary: 'start the simulated platform alone',
  options: {
    port: { ...PORT, help: 'the port, 4400 by default, 0 for any free one' },
    host: { value: '<address>', read: String, help: 'the address, 127.0.0.1 by default' },
    json: { help: 'one JSON line instead of text' },
  },
  async run({ port, host, json }) {
    const log = json ? () => undefined : print;
    const options = { clock: systemClock, log, ...(port !== undefined && { port }), ...(host && { host }) };
    const running = await commands()
      .runSandbox(options)
      .catch((error: unknown) => {
        throw explainListenFailure(error, { port: '--port', host: '--host' });
      });
    if (json) print(JSON.stringify({ msg: 'listening', port: running.port, url: running.url }));
    endOnSignals(running.sandbox);
  },
});

const doctor = defineCommand({
  summary:
    'check settings, the network path to the platform, credentials and store; exit code 1 when something is wrong',
  about: `Checks settings, the network path to the platform, credentials and store, with one token call and one ticket call for each
app; exit code 1 when something is wrong.

With --report it checks nothing, and prints what the platform answers to two token calls and two ticket calls next to what the
simulated platform does: text to send to the makers of this service, without a secret, token, ticket or app id.`,
  options: {
    json: { help: 'one JSON line instead of text' },
    report: { help: 'a report to send instead of the checks; two token calls and two ticket calls' },
  },
  async run({ json = false, report = false }) {
    if (report) {
      const config = loadConfig(readEnvironment(), readText);
      const isAnswered = await commands().runPlatformReport({
        config,
        clock: systemClock,
        pause,
        print,
        json,
      });
      process.exitCode = isAnswered ? 0 : 1;
      return;
    }
    const env = readEnvironment();
    const io = { env, readFile: readText, clock: systemClock, random: systemRandom };
    process.exitCode = (await commands().runDoctor({ ...io, print, json })) ? 0 : 1;
  },
});

const explain = defineCommand({
  summary: 'say why the client refused a signature',
  about: `Says why the client refused a signature. Nothing leaves this machine.

Reads what is at hand from standard input: the signer's reply, the client's error, a line of the console. Options add to it.
Tickets never stand on the command line, where others can read them.`,
  options: EXPLAIN_OPTIONS,
  async run(values) {
    const ask = (question: string): void => void process.stderr.write(question);
    await commands().runExplain({
      values,
      input: process.stdin,
      print,
      ask,
      readFile: readText,
      clock: systemClock,
      env: process.env,
    });
  },
});

const PROGRAM: Program = {
  name: 'lark-jsapi-signer',
  version: readVersion,
  commands: { start, demo, dev, sandbox, doctor, explain },
};

/** Keeps the process alive, as no timer of the clock does. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runService(env: Env, overrides?: ServiceOverrides): Promise<void> {
  // With a handler a process outlives its terminal, which SIGHUP would otherwise end. First of all: it would end the start too.
  let isReloadAsked = false;
  let reload = (): void => void (isReloadAsked = true);
  if (!process.stdin.isTTY && !process.stdout.isTTY) process.on('SIGHUP', () => reload());
  setFlagsFromString(NEVER_OPTIMIZE_WEBASSEMBLY);
  const config = loadConfig(env, readText);
  const service = createService(config, overrides);
  // Also when it cannot start, and when an uncaught error ends the process.
  process.on('exit', () => service.flushLog());
  await service.start();
  reload = () => void service.reload();
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- set by the signal
  if (isReloadAsked) reload();
  endOnSignals(service);
}

async function runDemo(port: number | undefined): Promise<void> {
  const options = { clock: systemClock, print, ...(port !== undefined && { port }) };
  endOnSignals(await commands().runDemo(options));
}

/** A reader of what is printed that ends early, as `head` does, is no failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

function readEnvironment(): Env {
  return mergeEnvFile(process.env, readIfPresent('.env') ?? '');
}

/** The first SIGTERM or SIGINT ends the command in good order with exit code 0; a second one ends it at once. */
function endOnSignals(running: { close(): Promise<void> }): void {
  // Timers of ours never keep the process alive; a server does, and this does until the command has closed.
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    running.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readText(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** By their names: the commands have classes of their own in the built program. */
const WRONGLY_WRITTEN = ['ConfigError', 'UsageError'];

/** One line per fault on stderr; 2 for what the operator wrote wrongly, 1 for what went wrong at run time. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof Error && WRONGLY_WRITTEN.includes(error.name) ? 2 : 1);
}

async function main(): Promise<void> {
  endWithReader();
  await readCommandLine(process.argv.slice(2), PROGRAM, print)();
}

main().catch(fail);
