// What each fault does to an answer: one table, from the fault's kind to the reply it makes.
import type { CompleteFault } from './fault';
import { refusal, type Reply } from './reply';

type Kind = CompleteFault['kind'];
type Effects = {
  [K in Kind]: (fault: Extract<CompleteFault, { kind: K }>, answer: () => Reply, logId: string) => Reply;
};

const refuse =
  (status: number, code: number, msg: string) =>
  (_fault: unknown, _answer: unknown, logId: string): Reply =>
    refusal(status, code, msg, logId);

// Faults that call `answer` happen after the platform did its work: the ticket they spoil has been issued.
const EFFECTS: Effects = {
  'rate-limit': ({ status, limit, resetSeconds }, _answer, logId) => ({
    ...refusal(status, 99991400, 'request trigger frequency limit', logId),
    headers: { 'x-ogw-ratelimit-limit': `${limit}`, 'x-ogw-ratelimit-reset': `${resetSeconds}` },
  }),
  quota: refuse(429, 99991403, "this month's quota of API calls is used up"),
  'ip-refused': refuse(400, 99991401, 'ip is denied by app setting'),
  'wrong-secret': refuse(200, 10014, 'app secret invalid'),
  'app-disabled': refuse(400, 99991662, 'The app is disabled.'),
  'token-invalid': refuse(400, 99991663, 'Invalid access token for authorization.'),
  code: ({ status, code, msg }, _answer, logId) => refusal(status, code, msg, logId),
  'http-error': ({ status }) => ({
    status,
    body: `upstream error ${status}\n`,
    headers: { 'content-type': 'text/plain' },
  }),
  html: ({ status, dateOffsetMs }) => ({
    status,
    body: '<!doctype html><title>Sign in</title><p>Please sign in to this network.</p>',
    dateOffsetMs,
  }),
  truncated: (_fault, answer) => {
    const reply = answer();
    const json = JSON.stringify(reply.body);
    return {
      ...reply,
      body: json.slice(0, json.length / 2),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    };
  },
  cut: (_fault, answer) => ({ ...answer(), delivery: 'cut' }),
  fields: ({ fields }, answer) => withFields(answer(), fields),
  huge: ({ bytes }, answer) => ({ ...answer(), delivery: { paddingBytes: bytes } }),
  slow: (_fault, answer) => answer(),
  hung: () => ({ status: 200, body: '', delivery: 'never' }),
  reset: () => ({ status: 200, body: '', delivery: 'reset' }),
  'stale-expiry': (_fault, answer) => {
    const reply = answer();
    return reply.issued ? withFields(reply, { [reply.issued.field]: reply.issued.lifeSeconds }) : reply;
  },
};

/** `answer()` as `fault` spoils it. Some faults come before the platform answers: they never call `answer`. */
export function applyFault(fault: CompleteFault, answer: () => Reply, logId: string): Reply {
  // One signature for all of the table: TypeScript cannot see that the key and the argument belong together.
  const effect = EFFECTS[fault.kind] as (fault: CompleteFault, answer: () => Reply, logId: string) => Reply;
  return { ...effect(fault, answer, logId), delayMs: fault.delayMs ?? 0 };
}

/** Overwrites fields where the value is: in `data` of a ticket's reply, at the top level of a token's. */
function withFields(reply: Reply, fields: object): Reply {
  if (typeof reply.body === 'string') return reply;
  const data = 'data' in reply.body && typeof reply.body.data === 'object' ? reply.body.data : undefined;
  const body = data ? { ...reply.body, data: { ...data, ...fields } } : { ...reply.body, ...fields };
  return { ...reply, body };
}
