// `doctor --report`: what the platform answers to two token calls and two ticket calls, next to what the simulated platform does. Text to copy, without a value of anyone's.
import type { AppSettings } from '../../apps/app-settings';
import type { Clock } from '../../base/clock';
import { VARIABLES } from '../../base/setting-names';
import type { Config } from '../../config/config';
import { compareRows, renderReport } from '../../field-report/compare-rows';
import { PLATFORM_ROWS } from '../../field-report/rows';
import { exchange, type OutgoingRequest } from '../../open-platform/exchange';
import { PlatformError } from '../../open-platform/platform-error';
import { createTransport, type Fetch } from '../../open-platform/transport';
import { observeRounds, PAUSE_MS, readReply, type ReadReply, type Round } from './observe-replies';

/** The report's inputs, and its output. */
export interface PlatformReportOptions {
  config: Config;
  clock: Clock;
  /** Resolves after `ms` milliseconds. */
  pause: (ms: number) => Promise<void>;
  print: (line: string) => void;
  /** `{"platform", "rows": [{"id", "question", "settles", "observed", "assumed", "detail", "verdict"}]}` instead of text. */
  json: boolean;
}

/** As the service's own calls. */
const LIMITS = { deadlineMs: 5_000, maxReplyBytes: 65_536 };

/** Prints the report of the first custom app. Resolves with whether every call was answered with a token or ticket. */
export async function runPlatformReport(options: PlatformReportOptions): Promise<boolean> {
  const { config, clock, pause, print, json } = options;
  const app = config.apps.find(({ type }) => type === 'custom');
  if (app === undefined) {
    print(
      'There is no custom app: the tickets of a store app need an app ticket and a tenant. No call was made.',
    );
    return false;
  }
  const platform = nameOf(app.platformBaseUrl);
  if (!json) print(`Two token calls and two ticket calls to ${platform}, ${PAUSE_MS / 1_000} s apart.`);
  const transport = createTransport({ caPem: config.caPem, proxy: config.proxy });
  try {
    const first = await callBoth(app, transport.fetch, clock);
    const isComplete = first.ticket?.value !== undefined;
    if (isComplete) await pause(PAUSE_MS);
    const second = isComplete ? await callBoth(app, transport.fetch, clock) : {};
    const rows = compareRows(PLATFORM_ROWS, observeRounds(first, second));
    if (json) print(JSON.stringify({ platform, rows }));
    else {
      const day = new Date(clock.wallMs()).toISOString().slice(0, 10);
      const heading = [`Platform report of lark-jsapi-signer, ${day}`, `Platform: ${platform}`];
      print(`\n${renderReport(heading, 'platform', rows)}`);
    }
    return second.ticket?.value !== undefined;
  } finally {
    await transport.close();
  }
}

/** Feishu or Lark; the name of any other host is its owner's. */
function nameOf(baseUrl: string): string {
  if (baseUrl === 'https://open.feishu.cn') return 'Feishu';
  return baseUrl === 'https://open.larksuite.com' ? 'Lark' : 'a platform of another address';
}

async function callBoth(app: AppSettings, fetch: Fetch, clock: Clock): Promise<Round> {
  const io = { fetch, clock, settings: VARIABLES, ...LIMITS };
  const json = { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' };
  const base = app.platformBaseUrl;
  const ask = async (
    request: Omit<OutgoingRequest, 'method'>,
    value: string,
    left: string,
  ): Promise<ReadReply> => {
    try {
      return readReply(await exchange({ method: 'POST', ...request }, io), value, left);
    } catch (error) {
      return { answer: `no reply: ${error instanceof PlatformError ? String(error.reason) : 'unknown'}` };
    }
  };
  const token = await ask(
    {
      endpoint: 'tenant_access_token',
      url: `${base}/open-apis/auth/v3/tenant_access_token/internal`,
      headers: json,
      body: JSON.stringify({ app_id: app.appId, app_secret: app.appSecret.reveal() }),
    },
    'tenant_access_token',
    'expire',
  );
  if (token.value === undefined) return { token };
  const headers = { ...json, Authorization: `Bearer ${token.value}` };
  const url = `${base}/open-apis/jssdk/ticket/get`;
  return { token, ticket: await ask({ endpoint: 'jsapi_ticket', url, headers }, 'ticket', 'expire_in') };
}
