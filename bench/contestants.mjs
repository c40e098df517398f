// Who takes part, in the order of a round: those that a required ratio compares stand side by side.
//
// A contestant is a program that listens on a loopback port of its own choice, writes a line of JSON with "msg":"listening" and
// "port" to its standard output, and answers GET /config?url=… with the arguments of h5sdk.config. A file that is not there
// does not take part.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// At least 16 characters, as the service asks; it opens nothing but the metrics of a process on the loopback address.
const ADMIN_TOKEN = 'benchmark-operator';

/** What no machine reaches in a minute: the limiters count every request, and refuse none. */
const REQUESTS_PER_MINUTE = '10000000';

const CONTESTANTS = [
  { name: 'empty', program: 'contestants/empty.mjs', signs: false },
  { name: 'bare', program: 'contestants/bare.mjs' },
  { name: 'ours', program: '../dist/main.js', environment: serviceEnvironment, adminToken: ADMIN_TOKEN },
  { name: 'node-handler', program: 'contestants/node-handler.mjs' },
  { name: 'usual', program: 'contestants/usual.mjs' },
  { name: 'router', program: 'contestants/router.mjs' },
];

/**
 * Every contestant whose program exists: `name`; `program`, a path; `signs`, false for the one whose answers cannot be checked;
 * `environmentFor(setting)`.
 */
export function findContestants() {
  return CONTESTANTS.map(({ program, ...contestant }) => ({
    signs: true,
    environmentFor: contestant.environment ?? plainEnvironment,
    ...contestant,
    program: fileURLToPath(new URL(program, import.meta.url)),
  })).filter(({ program }) => existsSync(program));
}

function plainEnvironment({ platformUrl, appId, appSecret, origins }) {
  return {
    PLATFORM_URL: platformUrl,
    APP_ID: appId,
    APP_SECRET: appSecret,
    ALLOWED_ORIGINS: origins.join(','),
    REQUESTS_PER_MINUTE,
  };
}

/** As an operator would set it, with every part of the service on that costs something per request. */
function serviceEnvironment({ platformUrl, appId, appSecret, origins }) {
  return {
    LARK_DOMAIN: platformUrl,
    LARK_APP_ID: appId,
    LARK_APP_SECRET: appSecret,
    ALLOWED_ORIGINS: origins.join(','),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'info',
    RATE_LIMIT: REQUESTS_PER_MINUTE,
    ADMIN_TOKEN,
  };
}
