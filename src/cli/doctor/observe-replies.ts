// What the platform's replies to token and ticket calls show: statuses, codes, names of fields and headers, how lives change. No value is in it.
import type { Observation } from '../../field-report/compare-rows';
import { REFUSAL_STATUS } from '../../field-report/rows';
import type { CompleteReply } from '../../open-platform/exchange';

/** The pause between two rounds. Lives are whole seconds: after three of them a count-down shows, whatever is rounded. */
export const PAUSE_MS = 3_000;
/** Documented: with less than 30 minutes left a call returns a new value. */
const RENEWAL_WINDOW_SECONDS = 1_800;
/** Names of fields are printed: words, and no more of them than a reply of the platform has. */
const FIELD_NAME = /^\w{1,40}$/;
const MAX_FIELDS = 12;
const HEADERS = ['Date', 'X-Tt-Logid'] as const;

/** What is read of a reply. The value is compared, never printed. */
export interface ReadReply {
  /** `HTTP 200, code 0`, or why there is no reply. */
  readonly answer: string;
  readonly code?: number | undefined;
  readonly fields?: readonly string[];
  readonly headers?: readonly string[];
  readonly value?: string;
  readonly leftSeconds?: number;
}

/** A token call and, when that brought a token, a ticket call. */
export interface Round {
  readonly token?: ReadReply;
  readonly ticket?: ReadReply;
}

/** Reads a reply that holds its value under `valueName`, and the value's remaining life in seconds under `leftName`. */
export function readReply(
  { httpStatus, headers, text }: CompleteReply,
  valueName: string,
  leftName: string,
): ReadReply {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { answer: `HTTP ${httpStatus}, no JSON` };
  }
  const body = Object(json) as Record<string, unknown>;
  const inner = Object(body['data'] ?? {}) as Record<string, unknown>;
  const { code } = body;
  const holder = Object.hasOwn(inner, valueName) ? inner : body;
  const value = holder[valueName];
  const leftSeconds = holder[leftName];
  const names = Object.keys(body).flatMap((name) =>
    name === 'data' ? Object.keys(inner).map((inside) => `data.${inside}`) : [name],
  );
  return {
    answer: `HTTP ${httpStatus}, ${typeof code === 'number' ? `code ${code}` : 'no code'}`,
    code: typeof code === 'number' ? code : undefined,
    fields: names
      .map((name) => (FIELD_NAME.test(name.replace('data.', '')) ? name : '?'))
      .slice(0, MAX_FIELDS)
      .sort(),
    headers: HEADERS.filter((name) => headers.get(name) !== null),
    ...(typeof value === 'string' && value !== '' && { value }),
    ...(typeof leftSeconds === 'number' && { leftSeconds }),
  };
}

/** The observations of two rounds, by the rows of `PLATFORM_ROWS`. */
export function observeRounds(first: Round, second: Round): Record<string, Observation> {
  const replies = [first.token, first.ticket, second.token, second.ticket].filter(
    (reply) => reply !== undefined,
  );
  const common = HEADERS.filter((name) => replies.every(({ headers = [] }) => headers.includes(name)));
  const hasReply = replies.every(({ headers }) => headers !== undefined);
  return {
    ...observeReply('token', first.token),
    ...observeReply('ticket', first.ticket),
    ...(hasReply && { headers: { observed: common.join(', ') || 'neither' } }),
    ...observeAgain('token', first.token, second.token),
    ...observeAgain('ticket', first.ticket, second.ticket),
  };
}

function observeReply(of: 'token' | 'ticket', reply: ReadReply | undefined): Record<string, Observation> {
  if (reply === undefined) return {};
  const { answer, code, fields, value } = reply;
  const status = code === undefined ? undefined : REFUSAL_STATUS[code];
  const refused = { assumed: status === undefined ? null : `HTTP ${status}, code ${String(code)}` };
  return {
    [`${of}Reply`]: { observed: answer, ...(code !== 0 && refused) },
    ...(value !== undefined && fields && { [`${of}Fields`]: { observed: fields.join(', ') } }),
  };
}

function observeAgain(
  of: 'token' | 'ticket',
  first: ReadReply = { answer: '' },
  second: ReadReply = { answer: '' },
) {
  const { leftSeconds: before } = first;
  const { leftSeconds: after } = second;
  if (first.value === undefined || second.value === undefined) return {};
  const isSame = first.value === second.value;
  // What the first call had left by the time of the second.
  const isLate = before !== undefined && before - PAUSE_MS / 1_000 < RENEWAL_WINDOW_SECONDS;
  const again = { observed: isSame ? 'the same' : 'another', assumed: isLate ? 'another' : 'the same' };
  if (!isSame || before === undefined || after === undefined) return { [`${of}Again`]: again };
  const change = after < before ? 'counts down' : after === before ? 'stays' : 'goes up';
  return {
    [`${of}Again`]: again,
    [`${of}Life`]: { observed: change, detail: `${before} s, then ${after} s` },
  };
}
