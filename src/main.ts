// The process: arguments, environment, signals and exit codes. The only file that touches `process`.
import { parseArgs } from 'node:util';
import { systemClock } from './clock';
import { ConfigError, loadConfig } from './config';
import { readTextFileSync as readText } from './config/read-text-file';
import type * as demoModule from './demo';
import type * as doctorModule from './doctor/doctor';
import { mergeEnvFile } from './env-file';
import type * as explainModule from './explain-command';
import { readVersion } from './package-files';
import type * as sandboxModule from './sandbox/run-sandbox';
import { createService, type ServiceOverrides } from './service';

/* eslint-disable @typescript-eslint/no-require-imports -- what one command alone needs is no burden on the start of the service */

const HELP = `Usage: lark-jsapi-signer [command] [options]

Commands
  (none)     start the service, configured by environment variables and .env
  demo       start the service beside a simulated platform; nothing to configure
  dev        as without a command; without an app as demo
  sandbox    start the simulated platform alone
  doctor     check settings, the way to the platform, credentials and store; exit code 1 when something is wrong
  explain    say why the client refused a signature; see explain --help

Options
  --port <n>   sandbox: the port, 4400 by default, 0 for a free one
  --host <h>   sandbox: the address, 127.0.0.1 by default
  --json       sandbox, doctor: one JSON line instead of text
  --help, --version

The service's settings are listed in README.md and .env.example.
`;

/** What a command leaves running. */
interface Running {
  close(): Promise<void>;
}

type Env = Record<string, string | undefined>;
type Command = (env: Env, options: Options) => Promise<Running>;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const start: Command = (env) => runService(env);

async function runService(env: Env, overrides?: ServiceOverrides): Promise<Running> {
  const config = loadConfig(env, readText);
  const service = createService(config, overrides);
  // Also when it cannot start, and when an error that nobody caught ends the process.
  process.on('exit', () => service.flushLog());
  await service.start();
  // With a handler a process outlives its terminal, which is what SIGHUP tells of elsewhere.
  if (config.appsFile && !process.stdin.isTTY && !process.stdout.isTTY)
    process.on('SIGHUP', () => void service.reload());
  return service;
}

const demo: Command = (env) => {
  const { runDemo } = require('./demo') as typeof demoModule;
  return runDemo({ env, readFile: readText, clock: systemClock, print });
};

const dev: Command = (env, options) => {
  if (!env['LARK_APP_ID'] && !env['LARK_APPS_FILE']) return demo(env, options);
  // What is open to everybody who reaches the port is offered to this machine only, unless HOST says otherwise.
  return runService({ HOST: '127.0.0.1', ...env, PUBLIC_PAGE: 'on' }, { openOperator: true });
};

const sandbox: Command = async (_env, { port, host, json }) => {
  const { runSandbox } = require('./sandbox/run-sandbox') as typeof sandboxModule;
  const {
    port: bound,
    url,
    sandbox: platform,
  } = await runSandbox({
    clock: systemClock,
    log: json ? () => undefined : print,
    ...(port && { port: Number(port) }),
    ...(host && { host }),
  });
  if (json) print(JSON.stringify({ msg: 'listening', port: bound, url }));
  return platform;
};

const commands = new Map(Object.entries({ start, demo, dev, sandbox }));

interface Options {
  port?: string | undefined;
  host?: string | undefined;
  json?: boolean | undefined;
}

/** Whoever reads what is printed has gone, as `head` does: nothing went wrong, and there is nobody to tell. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

async function main(): Promise<void> {
  endWithReader();
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'explain') {
    const { runExplain } = require('./explain-command') as typeof explainModule;
    const ask = (question: string): void => void process.stderr.write(question);
    await runExplain({
      args: rest,
      input: process.stdin,
      print,
      ask,
      readFile: readText,
      clock: systemClock,
    });
    return;
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      version: { type: 'boolean' },
      port: { type: 'string' },
      host: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (values.help || values.version) {
    print(values.help ? HELP : readVersion());
    return;
  }
  const [name = 'start'] = positionals;
  if (name === 'doctor') {
    const { runDoctor } = require('./doctor/doctor') as typeof doctorModule;
    const json = values.json ?? false;
    const env = readEnvironment();
    const ok = await runDoctor({
      env,
      readFile: readText,
      clock: systemClock,
      random: Math.random,
      print,
      json,
    });
    process.exitCode = ok ? 0 : 1;
    return;
  }
  const command = commands.get(name);
  if (command === undefined) throw new UsageError(`There is no command "${name}". Try --help.`);
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
    throw new UsageError('--port takes a number.');
  endOnSignals(await command(readEnvironment(), values));
}

function readEnvironment(): Env {
  return mergeEnvFile(process.env, readIfPresent('.env') ?? '');
}

/** Bad arguments: exit code 2, as for bad configuration. */
class UsageError extends Error {}

/** The first SIGTERM or SIGINT ends the command in good order with exit code 0; a second one ends it at once. */
function endOnSignals(running: Running): void {
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

/** One line per fault on stderr; 2 for what the operator wrote wrongly, 1 for what went wrong at run time. */
function fail(error: unknown): void {
  const isUsage =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError || isUsage ? 2 : 1);
}

main().catch(fail);
