// The paths of the simulated platform's own HTTP interface: what the in-process API does, for pages and shells.
import * as z from 'zod';
import { ASSUMPTIONS } from './assumptions';
import { parseModes } from './client/modes';
import { renderStandInScript } from './client/stand-in-script';
import { faultSchema } from './fault';
import { parseJson, type SandboxRequest } from './reply';
import type { Sandbox } from './sandbox-api';

/** One path with one method. */
export interface ControlRoute {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** A page of another origin may call it though it is no GET. */
  isForAnyPage?: true;
  /** An object is sent as JSON, a string as a script. Throws RangeError, which says what to send, for what cannot be used. */
  run(sandbox: Sandbox, request: SandboxRequest): object | string;
}

const lifeSchema = z.int().positive().optional();

/** Every path under /sandbox/. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  // The stand-in for the client asks it, in pages of other origins.
  {
    ...post(
      '/sandbox/verify',
      '{"appId","timestamp","nonceStr","signature","url","jsApiList"?}: the arguments of h5sdk.config and the page\'s location.href; with "kind":"component" and "openId"? those of webComponent.config',
      z.looseObject({}),
      (sandbox, call) => sandbox.verify(call),
    ),
    isForAnyPage: true,
  },
  route('GET', '/sandbox/counters', (sandbox) => sandbox.counters),
  route('DELETE', '/sandbox/counters', (sandbox) => {
    sandbox.counters.reset();
    return sandbox.counters;
  }),
  post(
    '/sandbox/faults',
    '{"kind":"rate-limit","endpoint"?:"token"|"app-token"|"app-ticket"|"ticket"|"other","appId"?,"times"?,"delayMs"?, and the parameters of that kind}',
    faultSchema,
    (sandbox, fault) => {
      sandbox.addFault(fault);
      return { added: fault };
    },
  ),
  route('DELETE', '/sandbox/faults', (sandbox) => {
    sandbox.clearFaults();
    return { cleared: true };
  }),
  post(
    '/sandbox/clock',
    '{"moveMs":-900000} to move the platform\'s clock; 0 only reads it',
    z.strictObject({ moveMs: z.number() }),
    (sandbox, { moveMs }) => {
      sandbox.moveClock(moveMs);
      return { nowMs: sandbox.nowMs(), offsetMs: sandbox.clockOffsetMs };
    },
  ),
  post(
    '/sandbox/lives',
    '{"ticketSeconds":60,"tokenSeconds":60}, one or both: the life of what is issued from now on',
    z.strictObject({ ticketSeconds: lifeSchema, tokenSeconds: lifeSchema }),
    (sandbox, { ticketSeconds, tokenSeconds }) => {
      if (ticketSeconds !== undefined) sandbox.setTicketLife(ticketSeconds);
      if (tokenSeconds !== undefined) sandbox.setTokenLife(tokenSeconds);
      return { set: { ticketSeconds, tokenSeconds } };
    },
  ),
  post(
    '/sandbox/apps',
    '{"appId":"cli_…","appSecret":"…","trustedDomains":["h5.example.com","http://127.0.0.1:8080","http://localhost:*"],"disabled"?}, and for a store app "type":"store","tenants":["…"],"events":{"url":"http://…/events/<app>","encryptKey"?,"verificationToken"?}',
    z.strictObject({
      appId: z.string().min(1),
      appSecret: z.string().min(1),
      trustedDomains: z.array(z.string()),
      disabled: z.boolean().optional(),
      type: z.enum(['custom', 'store']).optional(),
      tenants: z.array(z.string().min(1)).optional(),
      events: z
        .strictObject({
          // Longer than any address of an endpoint; what it may be is said by addApp.
          url: z.string().max(2_048),
          encryptKey: z.string().min(1).optional(),
          verificationToken: z.string().min(1).optional(),
        })
        .optional(),
    }),
    (sandbox, app) => {
      sandbox.addApp(app);
      return { added: app.appId };
    },
  ),
  post(
    '/sandbox/revoke',
    '{"appId":"cli_…","what":"tickets"}, "tokens" or "app-tickets": everything issued to that app so far dies',
    z.strictObject({ appId: z.string(), what: z.enum(['tickets', 'tokens', 'app-tickets']) }),
    (sandbox, { appId, what }) => {
      if (what === 'tickets') sandbox.revokeTickets(appId);
      else if (what === 'tokens') sandbox.revokeTokens(appId);
      else sandbox.revokeAppTickets(appId);
      return { revoked: what, appId };
    },
  ),
  post(
    '/sandbox/events',
    '{"appId":"cli_…"} to push an app ticket, or with "event":{"type":"…"} any event, "times" over',
    z.strictObject({
      appId: z.string(),
      event: z.looseObject({ type: z.string() }).optional(),
      times: z.int().min(1).max(100).optional(),
    }),
    (sandbox, { appId, event, times }) => {
      if (event) void sandbox.sendEvent(appId, event, times);
      else void sandbox.pushAppTicket(appId);
      return { sent: event?.type ?? 'app_ticket', appId };
    },
  ),
  route('GET', '/sandbox/events', (sandbox) => sandbox.deliveries),
  post(
    '/sandbox/users',
    '{"appId":"cli_…","openId":"ou_…"}: returns the user_access_token of a signed-in user',
    z.strictObject({ appId: z.string(), openId: z.string().min(1) }),
    (sandbox, { appId, openId }) => ({ user_access_token: sandbox.userToken(appId, openId) }),
  ),
  // The address is the one the browser used: behind a redirect the script itself could not tell it.
  route('GET', '/sandbox/h5-sdk.js', (_sandbox, { headers, query }) =>
    renderStandInScript(`http://${headers.host ?? ''}`, parseModes(query)),
  ),
  route('GET', '/sandbox/assumptions', () =>
    Object.entries(ASSUMPTIONS).map(([name, assumption]) => ({ name, ...assumption })),
  ),
];

/** Every control path with its method, as shown at start and in a 404. */
export const CONTROL_PATHS: readonly string[] = CONTROL_ROUTES.map(({ method, path }) => `${method} ${path}`);

function route(method: 'GET' | 'DELETE', path: string, run: ControlRoute['run']): ControlRoute {
  return { method, path, run };
}

/** A route that takes JSON; `sends` completes the sentence "Send …". */
function post<T>(
  path: string,
  sends: string,
  schema: z.ZodType<T>,
  run: (sandbox: Sandbox, input: T) => object,
): ControlRoute {
  return {
    method: 'POST',
    path,
    run(sandbox, { body }) {
      const { success, data, error } = schema.safeParse(parseJson(body));
      if (success) return run(sandbox, data);
      const [issue] = error.issues;
      const where = issue?.path.join('.') ?? '';
      throw new RangeError(
        `Send ${sends}. What came: ${where ? `${where}: ` : ''}${issue?.message ?? 'no JSON'}.`,
      );
    },
  };
}
