// The log: one JSON object per line, to a given destination.
import { pino, type DestinationStream, type LevelWithSilent, type Logger as PinoLogger } from 'pino';
import { systemClock, type Clock, type Timer } from '../base/clock';
import { LogOutput } from './log-output';

/** pino's logger, and the members that lines rendered elsewhere need. */
export type Logger = PinoLogger & Pick<LoggerOptions, 'destination' | 'clock'>;

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

/** What events are logged with: pino, or another that takes fields first and then a sentence. */
export interface EventLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface LoggerOptions {
  readonly level: LevelWithSilent;
  /** Anything with `write(line)`; the process gives its standard output. */
  readonly destination: DestinationStream;
  readonly clock: Clock;
}

/** A pino logger with ISO times, levels by name, and secrets redacted on the first three levels of an entry. */
export function createLogger({ level, destination, clock }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      // The host and process are the collector's to add.
      base: null,
      timestamp: () => `,"time":"${new Date(clock.wallMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => escapeBreaks(cutTexts(line)) },
      redact: {
        paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
        censor: '[redacted]',
      },
    },
    destination,
  );
  return Object.assign(logger, { destination, clock });
}

/**
 * Characters that JSON allows but that some readers of a log interpret as a line end or a terminal command: DEL, the C1
 * controls with NEL among them, line and paragraph separators.
 */
const BREAKS = /[\u007f-\u009f\u2028\u2029]/g;

/** The same JSON with them escaped; in a line they occur in strings only. */
export function escapeBreaks(line: string): string {
  return line.replace(BREAKS, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** No text of ours is longer; longer text comes from outside, where a request may hold 48 KB and an event 64. */
const MAX_TEXT_LENGTH = 1_000;

/** A string of a JSON text, and as many of its first characters as a line keeps, no escape cut in two. */
const JSON_STRING = /"([^"\\]*(?:\\.[^"\\]*)*)"/g;
const KEPT = new RegExp(`^(?:[^\\\\]|\\\\(?:u[\\da-f]{4}|[^u])){0,${MAX_TEXT_LENGTH}}`, 'i');

/** The same JSON with every string in it cut to 1,000 characters and a `…`. */
function cutTexts(json: string): string {
  if (json.length <= MAX_TEXT_LENGTH) return json;
  return json.replace(JSON_STRING, (text, content: string) =>
    content.length <= MAX_TEXT_LENGTH ? text : `"${KEPT.exec(content)?.[0]}…"`,
  );
}

/** Where log lines go, and may wait for a moment. */
export interface LogDestination extends DestinationStream {
  /** Writes the waiting lines synchronously; a write that is under way may finish after it. For an exit that cannot wait. */
  flushSync?(): void;
  /** Resolves when every line has been written, or cannot be. */
  written?(): Promise<void>;
}

/**
 * The size and the time limit of a batch of lines. A write costs some 25 µs whatever its length, since a separate thread makes
 * it: at full load that was a sixth of a request.
 */
const GATHERED_LENGTH = 32_768;
const GATHERED_MS = 50;

/**
 * Standard output, written asynchronously: lines are gathered for a moment, and lines that arrive while a write is
 * under way are written with the next. Neither a full disk nor a reader that is stuck or gone touches the service,
 * see `LogOutput`. `fd` is another file descriptor to write to.
 */
export function createStandardOutput(fd = 1, clock: Clock = systemClock): LogDestination {
  const output = new LogOutput(fd, clock);
  let gathered = '';
  let timer: Timer | undefined;

  function pass(): void {
    timer?.cancel();
    timer = undefined;
    if (gathered !== '') output.write(gathered);
    gathered = '';
  }

  return {
    write(line) {
      gathered += line;
      if (gathered.length >= GATHERED_LENGTH) pass();
      else timer ??= clock.setTimer(pass, GATHERED_MS);
    },
    flushSync() {
      pass();
      output.flushSync();
    },
    // Neither a reader that is gone nor a file that cannot be synced is a reason to keep waiting.
    written() {
      pass();
      return new Promise<void>((resolve) => output.flush(() => resolve()));
    },
  };
}
