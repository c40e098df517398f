// One line per request: recorded by a plain call once the reply is known, written when the event loop is idle.
import { withoutParameters } from '../base/without-parameters';
import type { ServiceError } from '../base/errors';
import type { AccessEntry } from '../http/access-entry';
import { escapeBreaks, type Logger } from './logger';

/** Records a request. */
export interface AccessLog {
  (entry: AccessEntry): void;
  /** Writes the recorded lines at once: for the end of the process. */
  flush(): void;
}

/** Long enough for every route; a scanner's paths are cut. */
const MAX_ROUTE_LENGTH = 200;

/** Longer than any origin (267) or address. A proxy may forward any text as the client's address. */
const MAX_FIELD_LENGTH = 300;

/** Above the length to which the path of a page is cut before. */
const MAX_PATH_LENGTH = 600;

/** As long as an alias, an app id or a tenant key may be. */
const MAX_NAME_LENGTH = 64;

/** A stack of ten frames with long paths. */
const MAX_CAUSE_LENGTH = 4_000;

/** A cause of a cause of a cause: deeper chains add nothing, and a circular one would not end. */
const MAX_CAUSES = 5;

/** A line that is not written yet, and when its request ended, in milliseconds since the epoch. */
interface Noted {
  readonly entry: AccessEntry;
  readonly level: Level;
  readonly atMs: number;
}

/**
 * The access log on `logger`: `debug` for quiet routes, `info`, `warn` from 400 on, `error` for INTERNAL with its stack.
 * Lines are rendered after the replies of the same turn of the event loop, so that no reply waits for the line of another.
 * A cause that many requests share, as those waiting for one ticket do, is logged by the first of them only.
 *
 * The lines are rendered here and not by pino: their fields are these and no others, none of which may hold a secret, and a
 * line takes 2 µs in place of 8.
 */
export function createAccessLog(logger: Logger): AccessLog {
  const told = new WeakSet<object>();
  let noted: Noted[] = [];
  /** The last time that was written out: lines of one turn mostly share it. */
  let written = { atMs: NaN, text: '' };

  function accessLog(entry: AccessEntry): void {
    const level = chooseLevel(entry);
    if (!logger.isLevelEnabled(level)) return;
    if (noted.push({ entry, level, atMs: logger.clock.wallMs() }) === 1) setImmediate(flush);
  }

  function flush(): void {
    const lines = noted;
    noted = [];
    for (const line of lines) logger.destination.write(render(line));
  }

  function render({ entry, level, atMs }: Noted): string {
    const { requestId, method, route, status, client, waited, durationMs, failure } = entry;
    const { appId, unknownApp, tenantKey, pageOrigin, pagePath, origin } = entry;
    return (
      `{"level":"${level}","time":"${timeText(atMs)}"` +
      field('requestId', requestId) +
      field('method', method) +
      field('route', withoutQuery(route)) +
      `,"status":${status}` +
      field('client', client) +
      field('appId', appId) +
      field('unknownApp', unknownApp && withoutParameters(unknownApp, MAX_NAME_LENGTH)) +
      field('tenantKey', tenantKey && asTenantKey(tenantKey)) +
      field('pageOrigin', pageOrigin) +
      field('pagePath', pagePath, MAX_PATH_LENGTH) +
      field('origin', origin && withoutParameters(origin, MAX_FIELD_LENGTH)) +
      (waited ? ',"waited":true' : '') +
      // Three decimals: a signature takes tens of microseconds.
      `,"durationMs":${Math.round(durationMs * 1000) / 1000}` +
      (failure ? field('code', failure.code) + describeCause(failure) : '') +
      ',"msg":"request"}\n'
    );
  }

  function timeText(atMs: number): string {
    if (atMs !== written.atMs) written = { atMs, text: new Date(atMs).toISOString() };
    return written.text;
  }

  return Object.assign(accessLog, { flush });

  function describeCause({ code, cause }: ServiceError): string {
    if (cause === undefined) return '';
    if (typeof cause === 'object' && cause !== null) {
      if (told.has(cause)) return '';
      told.add(cause);
    }
    return `,"causes":${escapeBreaks(JSON.stringify(describeChain(cause, code === 'INTERNAL')))}`;
  }
}

/** Characters that need no escape in a JSON string. */
const PLAIN = /^[\w .:/-]*$/;

/** `,"name":"value"`, or nothing for a value that is not known. */
function field(name: string, value: string | undefined, maxLength = MAX_FIELD_LENGTH): string {
  if (value === undefined) return '';
  const text = cut(value, maxLength);
  return `,"${name}":${PLAIN.test(text) ? `"${text}"` : escapeBreaks(JSON.stringify(text))}`;
}

function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}

/** A custom app ignores the tenant key it receives: only a possible tenant key is logged. */
function asTenantKey(text: string): string {
  return cut(text, MAX_NAME_LENGTH).replace(/[^\w-].*$/s, '…');
}

type Level = 'debug' | 'info' | 'warn' | 'error';

function chooseLevel({ status, failure, quiet }: AccessEntry): Level {
  if (failure?.code === 'INTERNAL') return 'error';
  if (quiet) return 'debug';
  // 400 is where HTTP's failures begin.
  return status >= 400 ? 'warn' : 'info';
}

/** Name, message or stack only: an error's other properties may hold anything, the `input` of a bad URL for one. */
function describeChain(cause: unknown, withStack: boolean): string[] {
  const described: string[] = [];
  let error = cause;
  for (; error !== undefined && described.length < MAX_CAUSES; error = error.cause) {
    if (!(error instanceof Error)) {
      described.push(`not an Error but ${typeof error}`);
      break;
    }
    const summary = `${error.name}: ${error.message}`;
    described.push(cut(withStack ? (error.stack ?? summary) : summary, MAX_CAUSE_LENGTH));
  }
  return described;
}

/** A page URL pasted into the path contains its query, encoded: the logged path ends at the first sign of a query. */
function withoutQuery(route: string): string {
  return route.slice(0, MAX_ROUTE_LENGTH).replace(/[?#%].*$/s, '…');
}
