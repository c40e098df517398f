// The apps file: whatever the text, it gives apps or says what is wrong, and never repeats a secret.
import { AppsFileError, parseAppsFile } from '../../../src/config/apps-file/parse-apps-file';
import { parseAllowedOrigins } from '../../../src/config/parse-values';
import { appsIn, readJson } from '../../../src/config/apps-file/apps-file-content';
import type { SeededRandom } from '../seeded-random';
import { writtenApp } from '../../support/apps-folder';
import type { FuzzTarget, Input } from './fuzz-target';
import { mutate } from './mutate';
import { URL_WORDS } from './page-url-words';

const SECRET = 'hush-hush-secret';
const WORDS = [
  ...URL_WORDS,
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    ':',
    'null',
    'true',
    '[]',
    '{}',
    '1e999',
    '"*"',
    '"alias":',
    '"appId":',
    '"appSecretFile":"s"',
    '"appSecretEnv":"S"',
    '"domain":',
    '"lark"',
  ],
  ...[
    '"type":"store"',
    '"encryptKey":',
    '"tenants":[',
    '"eventsForwardTo":',
    '"jsApiList":[',
    '"__proto__":',
    '"constructor":',
    '\\u0000',
    '\\ud800',
    '\ufeff',
    '//',
    'https://*.',
    'https://*',
  ],
];
const NAMES = ['appSecret', 'encryptKey', 'verificationToken'];

/** An origin that no file written here means to allow. */
const STRANGER = 'https://stranger.example.net';

export function createAppsFileTarget(): FuzzTarget {
  return {
    name: 'apps file',
    share: 0.02,
    make,
    run({ text = '', secretFile = '' }) {
      const files = new Map([['s', { text: secretFile }]]);
      try {
        const apps = parseAppsFile(
          { text, secretFiles: files },
          {
            read: (name) => (name === 'S' ? SECRET : undefined),
            allowHttp: false,
            defaults: {
              platformBaseUrl: 'https://open.feishu.cn',
              allowedOrigins: parseAllowedOrigins('https://h5.example.com'),
              jsApiList: undefined,
            },
          },
        );
        if (JSON.stringify(apps).includes(SECRET) && !isElsewhere(text)) return 'a secret that prints';
        const isBad = apps.some(
          ({ allowedOrigins, allowedOriginEntries, appSecret, platformBaseUrl }) =>
            appSecret.reveal() === '' ||
            !/^https:\/\/|^http:\/\/(localhost|127\.|\[::1\])/.test(platformBaseUrl) ||
            (allowedOrigins.allows(STRANGER) &&
              !allowedOriginEntries.some((entry) => /^\*$|stranger|net/i.test(entry))),
        );
        return isBad ? 'an app that should have been refused' : undefined;
      } catch (error) {
        if (!(error instanceof AppsFileError)) throw error;
        if (error.faults.length === 0) return 'refused without a reason';
        return error.message.includes(SECRET) && !isElsewhere(text)
          ? `the secret in: ${error.message}`
          : undefined;
      }
    },
  };
}

/** Whether the secret came to stand where no secret belongs, so that quoting it is in order. */
function isElsewhere(text: string): boolean {
  const others = appsIn(text).map((app) =>
    Object.fromEntries(Object.entries(app).filter(([name]) => !NAMES.includes(name))),
  );
  const whole = readJson(text);
  const top =
    typeof whole === 'object' && whole !== null
      ? Object.entries(whole).filter(([name]) => name !== 'apps')
      : [];
  return JSON.stringify([others, top]).includes(SECRET);
}

function make(dice: SeededRandom): Input {
  const more = [
    { appSecret: SECRET },
    { appSecret: SECRET, allowedOrigins: ['https://*.example.com', 'http://localhost:*'], jsApiList: ['a'] },
    { appSecret: undefined, appSecretFile: 's' },
    { appSecret: undefined, appSecretEnv: 'S', domain: 'https://lark.example.com/base' },
    {
      appSecret: SECRET,
      type: 'store',
      encryptKey: SECRET,
      tenants: ['tenant-1'],
      eventsForwardTo: 'https://events.example.com/x',
    },
    { appSecret: SECRET, type: 'store', verificationToken: SECRET, allowedOrigins: undefined },
  ];
  const apps = Array.from({ length: 1 + dice.below(3) }, (_, index) =>
    writtenApp(`app${index}`, dice.pick(more)),
  );
  const text = JSON.stringify({ apps }, null, dice.pick([0, 2]));
  return {
    text: dice.chance(0.9) ? mutate(dice, text, WORDS) : text,
    secretFile: SECRET,
  };
}
