// The command line: what a command takes and gets, what is refused, and help that comes from the same table.
import {
  defineCommand,
  readCommandLine,
  readPort,
  UsageError,
  type Program,
} from '../../../src/cli/command-line';

const ran: unknown[] = [];
const printed: string[] = [];
beforeEach(() => {
  ran.length = 0;
  printed.length = 0;
});

const record =
  (name: string) =>
  (values: object): Promise<void> => {
    ran.push([name, values]);
    return Promise.resolve();
  };
const PROGRAM: Program = {
  name: 'signer',
  version: () => '1.2.3',
  commands: {
    start: defineCommand({ summary: 'start it', options: {}, run: record('start') }),
    show: defineCommand({
      summary: 'show it',
      about: 'Shows it to everybody.',
      options: {
        port: { value: '<n>', read: readPort, help: 'where' },
        title: { value: '<text>', read: String, help: 'its title' },
        json: { help: 'as JSON' },
      },
      run: record('show'),
    }),
  },
};

const run = (...args: string[]): Promise<void> =>
  readCommandLine(args, PROGRAM, (text) => void printed.push(text))();

test.each([
  [[], ['start', {}]],
  [['start'], ['start', {}]],
  [['show'], ['show', {}]],
  [
    ['show', '--port', '0', '--json'],
    ['show', { port: 0, json: true }],
  ],
  [
    ['show', '--port=65535', '--title=--json'],
    ['show', { port: 65_535, title: '--json' }],
  ],
  [
    ['show', '--title', '-1'],
    ['show', { title: '-1' }],
  ],
])('%j runs %j', async (args, expected) => {
  await run(...args);
  expect(ran).toEqual([expected]);
});

test.each([
  [['nonsense'], 'There is no command "nonsense". The commands are start, show; --help explains them.'],
  [['constructor'], 'There is no command "constructor".'],
  [['--port', '1'], '"start" has no option --port. It takes --help. The service is configured by'],
  [['show', '--colour', 'red'], '"show" has no option --colour. It takes --port, --title, --json, --help.'],
  [['show', '--toString'], '"show" has no option --toString.'],
  [['show', '-p', '1'], '"show" has no option -p.'],
  // What npm makes of `npm run show --port 3001`.
  [['show', '3001'], '"show" takes no argument "3001". Behind npm run, options follow a --'],
  [['show', '--', '--json'], '"show" takes no argument "--json".'],
  [['show', '--port'], '--port needs a value: write --port <n>.'],
  [['show', '--title', '--json'], '--title needs a value: write --title <text>.'],
  [['show', '--json=yes'], '--json takes no value: write --json alone.'],
  [['show', '--port', '99999'], '--port: "99999" is not a port: write a whole number from 0 to 65535'],
  [['show', '--port', '1e3'], '--port: "1e3" is not a port'],
  [['show', '--port='], '--port: "" is not a port'],
  [['show', '--port', '-1'], '--port: "-1" is not a port'],
])('%j is refused', (args, message) => {
  const refuse = (): unknown => readCommandLine(args, PROGRAM, () => undefined);
  expect(refuse).toThrow(UsageError);
  expect(refuse).toThrow(message);
});

test('--help lists the commands, and behind a command its options; neither runs anything', async () => {
  await run('--help');
  await run('show', '--port', '1', '--help');
  await run('-h');
  expect(printed).toEqual([
    expect.stringMatching(/^Usage: signer \[command\] \[options\]\n[^]*^ {2}show +show it$/m),
    `Usage: signer show [options]

Shows it to everybody.

Options
  --port <n>      where
  --title <text>  its title
  --json          as JSON
  --help          print this`,
    printed[0],
  ]);
  expect(ran).toEqual([]);
});

test.each([['--version'], ['show --version']])('%s prints the version', async (line) => {
  await run(...line.split(' '));
  expect([printed, ran]).toEqual([['1.2.3'], []]);
});
