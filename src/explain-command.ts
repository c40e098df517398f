// `explain` on the command line: why a signature was refused, computed on this machine, without a network.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { Clock } from './clock';
import { explain } from './explain/explain';
import { readPasted } from './explain/read-pasted';
import { renderExplanation } from './explain/render-explanation';
import type { Facts, HeldTicket } from './explain/types';
import { Secret } from './secret';
import { fingerprint } from './tickets/fingerprint';

const HELP = `Usage: lark-jsapi-signer explain [options] < what-is-at-hand.txt

Says why the client refused a signature. Nothing leaves this machine.

Reads what is at hand from standard input: the signer's reply, the client's error, a line of the console. Options add to it:

  --url <url>          the URL that was signed
  --page-url <url>     the page's real address, location.href
  --timestamp <ms>, --nonce <text>, --signature <hex>, --app-id <id>
  --error <text>       the client's words
  --code <number>      the client's code

Tickets never stand on the command line, where others can read them:

  --ticket-file <path>           the ticket; without it a terminal asks for it
  --previous-ticket-file <path>  the one before it
  --token-file <path>            the tenant_access_token, which is sometimes signed with by mistake

  --lang en|zh         language of the answer, en by default
  --json               one JSON object instead of text
`;

/** Standard input: a terminal, a file or a pipe. */
export interface CommandInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

/** What the command runs with. */
export interface ExplainCommandOptions {
  /** What stands behind `explain`. */
  readonly args: readonly string[];
  readonly input: CommandInput;
  readonly print: (text: string) => void;
  /** Gets questions, so that what is printed can go to a file. */
  readonly ask: (question: string) => void;
  readonly readFile: (path: string) => string;
  readonly clock: Clock;
}

/** Prints an explanation. Rejects on arguments that are none, and on files that cannot be read. */
export async function runExplain({
  args,
  input,
  print,
  ask,
  readFile,
  clock,
}: ExplainCommandOptions): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      'page-url': { type: 'string' },
      timestamp: { type: 'string' },
      nonce: { type: 'string' },
      signature: { type: 'string' },
      'app-id': { type: 'string' },
      error: { type: 'string' },
      code: { type: 'string' },
      'ticket-file': { type: 'string' },
      'previous-ticket-file': { type: 'string' },
      'token-file': { type: 'string' },
      lang: { type: 'string', default: 'en' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    print(HELP);
    return;
  }
  const { timestamp, code } = values;
  const given: Facts = {
    ...(values.url !== undefined && { url: values.url }),
    ...(values['page-url'] !== undefined && { pageUrl: values['page-url'] }),
    // An argument is always text: digits are meant as the number.
    ...(timestamp !== undefined && { timestamp: /^\d+$/.test(timestamp) ? Number(timestamp) : timestamp }),
    ...(values.nonce !== undefined && { nonceStr: values.nonce }),
    ...(values.signature !== undefined && { signature: values.signature }),
    ...(values['app-id'] !== undefined && { appId: values['app-id'] }),
    ...(values.error !== undefined && { errorText: values.error }),
    ...(code !== undefined && { errorCode: Number(code) }),
  };
  const fileOf = (kind: HeldTicket['kind'], path: string | undefined): HeldTicket[] =>
    path === undefined ? [] : hold(kind, path, readFile(path).trim());

  const isTerminal = input.isTTY === true;
  const isTicketGiven = values['ticket-file'] !== undefined;
  const typed = isTerminal && !isTicketGiven ? await askSecret(input, ask) : '';
  if (isTerminal) ask('Paste the reply of the signer and the error of the client, then Ctrl+D:\n');
  const pasted = readPasted(await text(input));
  const tickets = [
    ...fileOf('current', values['ticket-file']),
    ...hold('current', 'typed', typed),
    // A reply that holds it is a finding of its own, and the ticket serves to compute with.
    ...hold('current', 'reply', pasted.ticket?.reveal() ?? ''),
    ...fileOf('previous', values['previous-ticket-file']),
    ...fileOf('access-token', values['token-file']),
  ];
  const explanation = explain({ ...pasted.facts, ...given }, { tickets, nowMs: clock.wallMs() });
  print(
    values.json
      ? JSON.stringify(explanation, null, 2)
      : renderExplanation(explanation, values.lang === 'zh' ? 'zh' : 'en'),
  );
}

/** None for an empty text. */
function hold(kind: HeldTicket['kind'], owner: string, ticket: string): HeldTicket[] {
  if (ticket === '') return [];
  const value = new Secret(ticket);
  return [{ kind, owner, value, fingerprint: fingerprint(value) }];
}

/** Reads one line of a terminal without showing it. */
function askSecret(input: CommandInput, ask: (question: string) => void): Promise<string> {
  ask('Ticket (not shown; Enter goes without): ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    lines.on('close', () => resolve(''));
    lines.once('line', (line) => {
      resolve(line.trim());
      lines.close();
      ask('\n');
    });
  });
}
