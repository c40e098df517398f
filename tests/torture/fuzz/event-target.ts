// Events at the inbox of a store app: only what carries the keys' signature is believed.
import { createDecipheriv, createHash } from 'node:crypto';
import { createEventInbox } from '../../../src/open-platform/event-inbox';
import { Secret } from '../../../src/base/secret';
import type { SeededRandom } from '../seeded-random';
import { FakeClock } from '../../support/fake-clock';
import { appTicketEvent, encrypt, signatureOf } from '../../support/platform-events';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';

const APP = 'cli_store';
const KEY = 'the encrypt key';
const TOKEN = 'the verification token';
const NOW_MS = Date.UTC(2026, 0, 1);
const NOW = NOW_MS / 1_000;
const WORDS = [
  '{',
  '}',
  '[',
  '"',
  ':',
  ',',
  '"encrypt":',
  '"token":',
  '"event":{',
  '"type":"app_ticket"',
  '"type":"url_verification"',
  '"__proto__":',
  '\\u0000',
  'null',
  '1e9',
  '=',
  '==',
  'A'.repeat(24),
  '-',
  '"uuid":"u"',
  '"header":{"token":',
];
const TOKENS = [TOKEN, TOKEN, TOKEN, 'wrong', '', TOKEN.slice(1)];

export function createEventTarget(): FuzzTarget {
  let offered: string[] = [];
  let clients = 0;
  const inbox = createEventInbox({
    appId: APP,
    clock: new FakeClock(),
    keys: () => ({ encryptKeys: [new Secret(KEY)], verificationTokens: [new Secret(TOKEN)] }),
    maxAgeMs: 300_000,
    nowMs: () => NOW_MS,
    offerAppTicket: (appTicket) => {
      offered.push(appTicket.reveal());
      return Promise.resolve();
    },
    forward: () => undefined,
  });

  /** Another one for every event, so that none is passed over for the failures of another. */
  const nextClient = (): string => {
    clients += 1;
    return `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`;
  };

  return {
    name: 'events',
    share: 0.15,
    make,
    async run({ body: text = '', signature, timestamp, nonce }) {
      offered = [];
      const body = Buffer.from(text, 'latin1');
      const headers = {
        'x-lark-signature': signature,
        'x-lark-request-timestamp': timestamp,
        'x-lark-request-nonce': nonce,
      };
      const outcome = await inbox.receive({ body, headers }, nextClient());
      if (
        [KEY, TOKEN].some((secret) => JSON.stringify(outcome).includes(secret)) &&
        outcome.kind !== 'challenge'
      )
        return 'a secret in the outcome';
      const content = decrypt(body);
      const isSigned =
        signature === signatureOf(body, timestamp ?? '', nonce ?? '', KEY) &&
        Math.abs(Number(timestamp) - NOW) <= 300;
      const isOurs = content?.includes(TOKEN) === true;
      if (outcome.kind === 'challenge' && !isOurs) return 'a challenge without the token was answered';
      const isBelieved = outcome.kind === 'done' || outcome.kind === 'not-taken' || offered.length > 0;
      if (isBelieved && !(isSigned && isOurs))
        return `believed: ${JSON.stringify(outcome)}, ${offered.join()}`;
      if (offered.some((ticket) => !content?.includes(ticket))) return 'an app ticket that was not sent';
      return undefined;
    },
  };
}

/** Read a second time, in another way: the content of the body's `encrypt`. */
function decrypt(body: Buffer): string | undefined {
  try {
    const { encrypt: encrypted } = JSON.parse(body.toString()) as { encrypt: string };
    const bytes = Buffer.from(encrypted, 'base64');
    const key = createHash('sha256').update(KEY).digest();
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
    const text = Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString();
    // Written in escapes it is the same token.
    return `${text}${JSON.stringify(JSON.parse(text))}`;
  } catch {
    return undefined;
  }
}

function make(dice: SeededRandom): Input {
  const appTicket = dice.pick(['ticket-1', 'ticket-2', ' ', '\n', '', '飞']);
  const ts = dice.pick([String(NOW), String(NOW_MS), `${NOW}.5`, '-1', '1e99', '']);
  const event = dice.chance(0.7)
    ? appTicketEvent({
        appId: dice.pick([APP, APP, 'cli_other']),
        appTicket,
        ts,
        uuid: String(dice.below(1e9)),
        token: dice.pick(TOKENS),
      })
    : {
        type: dice.pick(['url_verification', 'im.message']),
        challenge: dice.pick(['c', 1, null]),
        token: dice.pick(TOKENS),
        event: { type: 'x' },
      };
  const json = JSON.stringify(event);
  // The sender has the key for what is changed before it is sealed, and has not for what is changed after.
  const inner = dice.chance(0.4) ? mutate(dice, json, WORDS) : json;
  const iv = Buffer.alloc(16, dice.below(256));
  const sealed = JSON.stringify({ encrypt: encrypt(inner, dice.pick([KEY, KEY, KEY, 'another']), iv) });
  const timestamp = dice.pick([
    String(NOW),
    String(NOW - 300),
    String(NOW - 301),
    '',
    '-1',
    '1e9',
    String(NOW_MS),
  ]);
  const nonce = dice.pick(['n', '', 'é', 'x'.repeat(1_000)]);
  const body = Buffer.from(dice.chance(0.1) ? inner : sealed);
  const signature = signatureOf(body, timestamp, nonce, dice.pick([KEY, KEY, KEY, '']));
  const sent = dice.chance(0.4) ? mutate(dice, body.toString('latin1'), WORDS) : body.toString('latin1');
  const whole = { body: Buffer.from(sent, 'latin1').toString('latin1'), timestamp, nonce };
  if (dice.chance(0.1)) return whole;
  return { ...whole, signature: dice.chance(0.1) ? mutate(dice, signature, WORDS) : signature };
}
