// What holds for every reply of the service, whatever was sent.
import { validateHeaderValue } from 'node:http';
import { HUSH } from '../differential/compare';
import { STATUS_OF } from '../differential/expected-reply';

/** Failures beside the contract's 4xx that are documented: of the platform, and of events that are not accepted. */
const DOCUMENTED_5XX: Readonly<Record<string, number>> = {
  TICKET_UNAVAILABLE: 503,
  APP_MISCONFIGURED: 503,
  EVENT_NOT_TAKEN: 501,
  EVENT_NOT_FORWARDED: 502,
};

const PROBLEM_KEYS = 'type,title,status,detail,code,msg,requestId';

/** A reply to judge. */
export interface JudgedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is wrong with a reply, or undefined. `secrets` must not be in it, nor, in a refusal, the query of a page URL. */
export function checkReply(
  { status, headers, body }: JudgedReply,
  secrets: readonly string[],
): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value);
    } catch {
      return `the header ${name} cannot be sent`;
    }
  }
  const all = `${body}\n${Object.values(headers).join('\n')}`;
  if (secrets.some((secret) => all.includes(secret))) return 'a secret in the reply';
  if (status < 400) return undefined;
  if (all.includes(HUSH)) return 'the query of the page URL in a refusal';
  return checkProblem(status, headers, body);
}

function checkProblem(status: number, headers: JudgedReply['headers'], body: string): string | undefined {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  if (type !== 'application/problem+json; charset=utf-8') return `a refusal of the type ${String(type)}`;
  // The reply to a HEAD.
  if (body === '') return undefined;
  const problem = parse(body);
  const code = String(problem?.['code']);
  if (problem === undefined || Object.keys(problem).join() !== PROBLEM_KEYS) return `not a problem: ${body}`;
  if ((STATUS_OF[code] ?? DOCUMENTED_5XX[code]) !== status || problem['status'] !== status)
    return `status ${status} with the code ${code}`;
  if (problem['msg'] !== problem['detail'] || !String(problem['type']).endsWith(`/errors#${code}`))
    return `not a whole problem: ${body}`;
  return undefined;
}

/** What is wrong with a log line, or undefined. */
export function checkLogLine(line: string, secrets: readonly string[]): string | undefined {
  if (secrets.some((secret) => line.includes(secret))) return 'a secret in the log';
  if (line.includes(HUSH)) return 'the query of the page URL in the log';
  // oxlint-disable-next-line no-control-regex -- control characters are the subject
  if (!/^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+\n$/.test(line))
    return `a log line that is more or less than one: ${JSON.stringify(line)}`;
  return parse(line) === undefined ? `a log line that is not JSON: ${line}` : undefined;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
