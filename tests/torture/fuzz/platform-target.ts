// Replies of the platform, or of a substitute: a ticket that can be one, or a failure that tells no secret.
import { createOpenPlatformClient } from '../../../src/open-platform/open-platform-client';
import { PlatformError } from '../../../src/open-platform/platform-error';
import { toServiceError } from '../../../src/open-platform/to-service-error';
import type { Fetch } from '../../../src/open-platform/transport';
import { Secret } from '../../../src/base/secret';
import type { SeededRandom } from '../seeded-random';
import { FakeClock } from '../../support/fake-clock';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';

const APP_SECRET = 'hush-hush-app-secret';
const TOKEN = 't-hush-hush-token';
const STATUSES = ['200', '200', '200', '400', '429', '500', '302', '503', '418'];
const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    'null',
    '-1',
    '0',
    '1e999',
    '7200.5',
    '86401',
    '"code":0',
    '"code":99991663',
    '"code":99991400',
    '"code":10014',
    '"data":{',
    '"__proto__":{}',
    '"msg":',
    '"ticket":',
    '"expire_in":',
  ],
  ...[
    TOKEN,
    APP_SECRET,
    'Bearer ',
    '<html>',
    '\\u0000',
    '\\n',
    '\\u2028',
    '&',
    '\ufeff',
    '"error":{"log_id":"x"}',
  ],
];

export function createPlatformTarget(): FuzzTarget {
  let answer: () => Promise<Response>;
  const client = createOpenPlatformClient({
    baseUrl: 'https://open.feishu.cn',
    // Node's own Response is undici's, of another version's types.
    fetch: (() => answer()) as unknown as Fetch,
    clock: new FakeClock(),
  });

  return {
    name: 'platform replies',
    share: 0.1,
    make,
    async run({ call, status, body = '', reset, logId, retryAfter }) {
      const headers = new Headers();
      for (const [name, value] of Object.entries({
        'x-ogw-ratelimit-reset': reset,
        'x-tt-logid': logId,
        'retry-after': retryAfter,
      }))
        if (value !== undefined) headers.set(name, value);
      answer = () =>
        Promise.resolve(
          new Response(Buffer.from(body, 'latin1'), { status: Number(status) || 200, headers }),
        );
      const asked =
        call === 'ticket'
          ? client.jsapiTicket(new Secret(TOKEN))
          : client.tenantAccessToken({ appId: 'cli_app', appSecret: new Secret(APP_SECRET) });
      try {
        const { value, lifeMs } = await asked;
        const text = value.reveal();
        // What a signature, or a header, can be made of; and a life that a timer can be set for.
        const isGood = call === 'ticket' ? /^[^\s&\p{C}]+$/u.test(text) : /^[\x21-\x7e]+$/.test(text);
        return isGood && lifeMs >= 1_000 && lifeMs <= 86_400_000
          ? undefined
          : `taken: ${text} for ${lifeMs} ms`;
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        return judge(error, call === 'ticket' ? TOKEN : APP_SECRET);
      }
    },
  };
}

/** The messages for operators and callers. */
function judge(error: PlatformError, sent: string): string | undefined {
  const { message: detail, code } = toServiceError(error, 1_000);
  const told = [error.message, detail, error.logId ?? '', error.platformMessage ?? '', JSON.stringify(error)];
  if (told.some((text) => text.includes(sent))) return `a secret in: ${told.join(' | ')}`;
  if (told.some((text) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)))
    return `a control character in: ${JSON.stringify(told)}`;
  if (!['TICKET_UNAVAILABLE', 'APP_MISCONFIGURED'].includes(code)) return `the code ${code}`;
  const { retryAfterMs = 0 } = error;
  // A quota is the longest wait, a day at most; a wait that is no number would be none.
  return retryAfterMs >= 0 && retryAfterMs <= 86_400_000 ? undefined : `a wait of ${retryAfterMs} ms`;
}

function make(dice: SeededRandom): Input {
  const call = dice.pick(['ticket', 'token']);
  const good =
    call === 'ticket'
      ? { code: 0, msg: 'ok', data: { expire_in: 7_200, ticket: '0560604568baf296731aa37f0c8ebe3e049c19d7' } }
      : { code: 0, msg: 'ok', tenant_access_token: 't-1', expire: 7_200 };
  const bad = {
    code: dice.pick([99991663, 99991400, 10014, 1500, 99991403, -1]),
    msg: dice.pick(['denied', `bad ${TOKEN}`, `${APP_SECRET}!`]),
  };
  const json = JSON.stringify(dice.chance(0.7) ? good : bad);
  const body = dice.chance(0.85) ? mutate(dice, json, WORDS) : json;
  const header = (values: readonly string[]): string | undefined =>
    dice.chance(0.1) ? dice.pick(values) : undefined;
  const whole: Record<string, string | undefined> = {
    call,
    status: dice.pick(STATUSES),
    body: Buffer.from(body).toString('latin1'),
    reset: header(['5', '0', '-1', '1e9', '99999999999999999999', 'x', '1.5']),
    retryAfter: header(['3', 'Wed, 21 Oct 2026 07:28:00 GMT', '9'.repeat(400)]),
    logId: header(['2026', 'x'.repeat(5_000), `é ${TOKEN}`, APP_SECRET]),
  };
  return Object.fromEntries(
    Object.entries(whole).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
