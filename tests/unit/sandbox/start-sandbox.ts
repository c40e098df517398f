// A listening simulated platform on a clock that stands still, and the calls a client of it makes.
import {
  createSandbox,
  type Sandbox,
  type SandboxApp,
  type SandboxOptions,
} from '../../../src/sandbox/sandbox';
import { FakeClock } from '../../support/fake-clock';

export const APP: SandboxApp = {
  appId: 'cli_a',
  appSecret: 'secret-a',
  trustedDomains: ['h5.example.com', 'http://127.0.0.1:8080'],
};
export const OTHER_APP: SandboxApp = { appId: 'cli_b', appSecret: 'secret-b', trustedDomains: [] };

export const TOKEN_PATH = '/open-apis/auth/v3/tenant_access_token/internal';
export const TICKET_PATH = '/open-apis/jssdk/ticket/get';

// A parsed reply: the assertions of the tests are the check of its shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Json;
}

export interface Started {
  clock: FakeClock;
  sandbox: Sandbox;
  url: string;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  call(method: string, path: string): Promise<Answer>;
  askToken(app?: SandboxApp): Promise<Answer>;
  askTicket(token: string): Promise<Answer>;
  /** Token and ticket of `app`, by the right calls. */
  ticketOf(app?: SandboxApp): Promise<string>;
}

export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Started> {
  const clock = (options.clock as FakeClock | undefined) ?? new FakeClock();
  const sandbox = createSandbox({ apps: [APP, OTHER_APP], ...options, clock });
  const { url } = await sandbox.listen();

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const reply = await fetch(url + path, init);
    const text = await reply.text();
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    return { status: reply.status, headers: reply.headers, text, body };
  }
  const post: Started['post'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const askToken: Started['askToken'] = ({ appId, appSecret } = APP) =>
    post(TOKEN_PATH, { app_id: appId, app_secret: appSecret });
  const askTicket: Started['askTicket'] = (token) =>
    post(TICKET_PATH, undefined, { authorization: `Bearer ${token}` });
  return {
    clock,
    sandbox,
    url,
    post,
    call: (method, path) => send(path, { method }),
    askToken,
    askTicket,
    async ticketOf(app = APP) {
      const token = await askToken(app);
      return (await askTicket(token.body.tenant_access_token)).body.data.ticket as string;
    },
  };
}
