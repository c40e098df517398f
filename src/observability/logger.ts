// The log: one JSON object a line, to a destination that is given.
import { destination, pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';
import type { Clock } from '../clock';

export type { Logger };

/**
 * Names under which a secret could be logged by mistake. The first line of defence is that secrets are wrapped in a type
 * that does not print; this is the second, for a platform reply or a request that is logged whole.
 */
const SECRET_KEYS = [
  'ticket',
  'jsapi_ticket',
  'secret',
  'appSecret',
  'app_secret',
  'appTicket',
  'app_ticket',
  'encryptKey',
  'tenant_access_token',
  'app_access_token',
  'user_access_token',
  'token',
  'authorization',
  'cookie',
];

export interface LoggerOptions {
  readonly level: LevelWithSilent;
  /** Anything with `write(line)`; the process gives its standard output. */
  readonly destination: DestinationStream;
  readonly clock: Clock;
}

/** A pino logger with ISO times, levels by name, and secrets redacted on the first three levels of an entry. */
export function createLogger({ level, destination, clock }: LoggerOptions): Logger {
  return pino(
    {
      level,
      // The host and process are the collector's to add.
      base: null,
      timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: escapeBreaks },
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
    },
    destination,
  );
}

/**
 * What JSON lets stand and some reader of a log takes for the end of a line or for an order to its terminal: DEL, the C1
 * controls with NEL among them, line and paragraph separators.
 */
const BREAKS = /[\u007f-\u009f\u2028\u2029]/g;

/** The same JSON with them escaped; in a line of ours they stand in strings only. */
function escapeBreaks(line: string): string {
  return line.replace(BREAKS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Where log lines go, and may wait for a moment. */
export interface LogDestination extends DestinationStream {
  /** Writes what waits, before it returns; what is on its way already may come after it. For an end that cannot wait. */
  flushSync?(): void;
  /** Resolves when every line has been written, or cannot be. */
  written?(): Promise<void>;
}

/**
 * Standard output, written behind the caller's back: lines that come while a write is under way go out together with the
 * next one. `fd` is another file descriptor to write to.
 */
export function createStandardOutput(fd = 1): LogDestination {
  // At least one byte for a write, which every line has: only so does `flush` wait for a write that is under way.
  const output = destination({ dest: fd, sync: false, minLength: 1 });
  return Object.assign(output, {
    // Neither a reader that is gone nor a file that cannot be synced is a reason to go on waiting.
    written: () => new Promise<void>((resolve) => output.flush(() => resolve())),
  });
}
