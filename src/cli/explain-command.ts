// `explain` on the command line: why a signature was refused, computed on this machine, without a network.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Values } from './command-line';
import type { EXPLAIN_OPTIONS } from './explain-options';
import type { Clock } from '../base/clock';
import { explain } from '../explain/explain';
import { readPasted } from '../explain/read-pasted';
import { renderExplanation } from '../explain/render-explanation';
import type { Facts, HeldTicket } from '../explain/types';
import { Secret } from '../base/secret';
import { fingerprint } from '../base/fingerprint';

/** Standard input: a terminal, a file or a pipe. */
export interface CommandInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
}

/** What the command runs with. */
export interface ExplainCommandOptions {
  readonly values: Values<typeof EXPLAIN_OPTIONS>;
  readonly input: CommandInput;
  readonly print: (text: string) => void;
  /** Gets questions, so that what is printed can go to a file. */
  readonly ask: (question: string) => void;
  readonly readFile: (path: string) => string;
  readonly clock: Clock;
  /** The language of the answer without `--lang`: that of `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Prints an explanation. Rejects when a file cannot be read. */
export async function runExplain({
  values,
  input,
  print,
  ask,
  readFile,
  clock,
  env,
}: ExplainCommandOptions): Promise<void> {
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
    ...(code !== undefined && { errorCode: code }),
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
    // A reply that holds it is a finding of its own, and the ticket is used for the computation.
    ...hold('current', 'reply', pasted.ticket?.reveal() ?? ''),
    ...fileOf('previous', values['previous-ticket-file']),
    ...fileOf('access-token', values['token-file']),
  ];
  const explanation = explain({ ...pasted.facts, ...given }, { tickets, nowMs: clock.wallMs() });
  print(
    values.json
      ? JSON.stringify(explanation, null, 2)
      : renderExplanation(explanation, values.lang ?? languageOf(env)),
  );
}

/** Chinese where the terminal's language is Chinese, English otherwise. */
function languageOf({ LC_ALL, LC_MESSAGES, LANG }: ExplainCommandOptions['env']): 'en' | 'zh' {
  const language = [LC_ALL, LC_MESSAGES, LANG].find((name) => name !== undefined && name !== '');
  return /^zh/i.test(language ?? '') ? 'zh' : 'en';
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
