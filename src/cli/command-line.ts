// Reads the command line: a table of commands with the options each takes. What no command takes is refused, and help is rendered from the table.
import { parseArgs } from 'node:util';

/** Arguments that cannot be used; the message says what to write. Exit code 2, as for bad configuration. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option of a command. Without `read` it is a flag, and its value `true`. */
export interface Option<Value = unknown> {
  readonly help: string;
  /** What help writes for the value, as `<n>`. */
  readonly value?: string;
  /** Returns the value, or throws an `Error` that says what is wrong and what to write. */
  readonly read?: (text: string) => Value;
}

export type Options = Readonly<Record<string, Option>>;

/** What was given, by the names of the options. */
export type Values<Table extends Options> = {
  readonly [Name in keyof Table]?: Table[Name] extends { read: (text: string) => infer Value } ? Value : true;
};

/** One command. */
export interface Command<Table extends Options = Options> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** More lines for the command's own help. */
  readonly about?: string;
  readonly options: Table;
  run(values: Values<Table>): Promise<void>;
}

/** The same command, with the types of its options' values. */
export function defineCommand<const Table extends Options>(command: Command<Table>): Command<Table> {
  return command;
}

/** The program: its commands in the order of its help, of which `start` runs when none is named. */
export interface Program {
  readonly name: string;
  readonly version: () => string;
  readonly commands: Readonly<Record<string, Command>> & { readonly start: Command };
}

const HELP: Option = { help: 'print this' };

/**
 * The run that `args` asks for; `--help` and `--version` only print. Throws `UsageError` for commands, options and values that do not
 * exist.
 *
 * @example await readCommandLine(['demo', '--port', '3001'], program, print)()
 */
export function readCommandLine(
  args: readonly string[],
  program: Program,
  print: (text: string) => void,
): () => Promise<void> {
  const [first = '-', ...rest] = args;
  const isNamed = !first.startsWith('-');
  const name = isNamed ? first : 'start';
  const command = Object.hasOwn(program.commands, name) ? program.commands[name] : undefined;
  if (command === undefined) {
    const names = Object.keys(program.commands).join(', ');
    throw new UsageError(`There is no command "${first}". The commands are ${names}; --help explains them.`);
  }
  const { tokens } = tokenize(isNamed ? rest : args, command.options);
  const isGiven = (option: string): boolean =>
    tokens.some((token) => token.kind === 'option' && token.name === option);
  const printing = (text: string) => (): Promise<void> => {
    print(text);
    return Promise.resolve();
  };
  if (isGiven('help') || isGiven('h'))
    return printing(isNamed ? commandHelp(program, name, command) : programHelp(program));
  if (isGiven('version')) return printing(program.version());
  const values = readValues(tokens, name, command.options);
  return () => command.run(values);
}

/** The values in `args`, of a command by the name `command`. Throws `UsageError`. */
export function readOptions<const Table extends Options>(
  args: readonly string[],
  command: string,
  options: Table,
): Values<Table> {
  return readValues(tokenize(args, options).tokens, command, options);
}

function tokenize(args: readonly string[], options: Options) {
  return parseArgs({
    args: [...args],
    // The sentences about what is wrong are ours.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { read }]) => [name, { type: read ? 'string' : 'boolean' }]),
    ),
  });
}

type Tokens = ReturnType<typeof tokenize>['tokens'];

function readValues<Table extends Options>(tokens: Tokens, command: string, options: Table): Values<Table> {
  const values: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional')
      throw new UsageError(
        `"${command}" takes no argument "${token.value}". Behind npm run, options follow a --, as in npm run ${command} -- --help.`,
      );
    const { name, rawName } = token;
    // An option is where its value should be: a value that begins with "-" is written after "=".
    const value = token.inlineValue === false && token.value.startsWith('--') ? undefined : token.value;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw new UsageError(describeUnknown(rawName, command, options));
    values[name] = readValue(rawName, option, value);
  }
  return values as Values<Table>;
}

function readValue(rawName: string, { read, value: form = '' }: Option, value: string | undefined): unknown {
  if (read === undefined) {
    if (value === undefined) return true;
    throw new UsageError(`${rawName} takes no value: write ${rawName} alone.`);
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: write ${rawName} ${form}.`);
  try {
    return read(value);
  } catch (error) {
    throw new UsageError(`${rawName}: ${(error as Error).message}.`, { cause: error });
  }
}

function describeUnknown(rawName: string, command: string, options: Options): string {
  const known = [...Object.keys(options), 'help'].map((name) => `--${name}`).join(', ');
  const settings = command === 'start' ? ' The service is configured by environment variables and .env.' : '';
  return `"${command}" has no option ${rawName}. It takes ${known}.${settings}`;
}

/** Rows of two columns. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

function programHelp({ name, commands }: Program): string {
  const rows = Object.entries(commands).map(([command, { summary }]) => [command, summary] as const);
  return `Usage: ${name} [command] [options]

Commands; "start" is the one that runs when none is named
${columns(rows)}
Options
${columns([
  ['--help', 'print this; behind a command, its own help'],
  ['--version', 'print the version'],
])}
The settings of the service are listed in docs/configuration.md and .env.example.`;
}

function commandHelp(program: Program, name: string, { summary, about, options }: Command): string {
  const rows = Object.entries({ ...options, help: HELP }).map(
    ([option, { value, help }]) => [value ? `--${option} ${value}` : `--${option}`, help] as const,
  );
  return `Usage: ${program.name} ${name} [options]

${about ?? `${name}: ${summary}.`}

Options
${columns(rows)}`.trimEnd();
}

/** A port that a program can listen at; 0 is any that is free. Throws an `Error`. */
export function readPort(text: string): number {
  const port = Number(text);
  // 65,535: sixteen bits.
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`"${text}" is not a port: write a whole number from 0 to 65535, 0 for any free port`);
}
