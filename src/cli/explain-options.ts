// The options of `explain`, apart from the command, so that help and faults load nothing of it.
import type { Options } from './command-line';

const text = (value: string): string => value;

/** Throws an `Error` for anything but digits and a sign. */
function readInteger(value: string): number {
  if (/^-?\d+$/.test(value)) return Number(value);
  throw new Error(`"${value}" is not a whole number: write the client's code as it is shown, 333441`);
}

function readLanguage(value: string): 'en' | 'zh' {
  if (value === 'en' || value === 'zh') return value;
  throw new Error(`"${value}" is not a language of the answer: write en or zh`);
}

/** Tickets are named by file: on a command line others can read them. */
export const EXPLAIN_OPTIONS = {
  url: { value: '<url>', read: text, help: 'the URL that was signed' },
  'page-url': { value: '<url>', read: text, help: "the page's real address, location.href" },
  timestamp: { value: '<ms>', read: text, help: 'the timestamp that was signed' },
  nonce: { value: '<text>', read: text, help: 'the nonceStr that was signed' },
  signature: { value: '<hex>', read: text, help: 'the signature' },
  'app-id': { value: '<id>', read: text, help: 'the app id, cli_…' },
  error: { value: '<text>', read: text, help: "the client's words" },
  code: { value: '<number>', read: readInteger, help: "the client's code" },
  'ticket-file': {
    value: '<path>',
    read: text,
    help: 'a file with the ticket; without it a terminal asks for the ticket, and a file or pipe goes without',
  },
  'previous-ticket-file': { value: '<path>', read: text, help: 'a file with the ticket before it' },
  'token-file': {
    value: '<path>',
    read: text,
    help: 'a file with the tenant_access_token, which is sometimes signed with by mistake',
  },
  lang: {
    value: 'en|zh',
    read: readLanguage,
    help: 'language of the answer; without it that of LANG, or en',
  },
  json: { help: 'one JSON object instead of text' },
} satisfies Options;
