// When a value may be used, when its renewal begins, and how long to wait after a failure: the numbers, in one place.
import type { RandomSource } from '../base/random';

import { ValueUnavailableError } from './renewal';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Longest delay of any timer here: `setTimeout` fires at once beyond 2^31 ms, and an hour bounds every mistake. */
export const MAX_DELAY_MS = 60 * MINUTE_MS;

/**
 * The least age at which a timer replaces a value: however short a life the platform returns, an unused value costs at most 120 loads
 * an hour. Documented lives are two hours; a value that lives less than this is loaded on demand.
 */
export const TIMER_LEAST_AGE_MS = 30 * SECOND_MS;

/** With more than 30 minutes left the platform returns the same ticket; a call before that is wasted. */
const PLATFORM_WINDOW_MS = 30 * MINUTE_MS;
/** Past the platform's edge by this much, since its clock and ours are never quite equal. */
const WINDOW_OFFSET_MS = 5 * SECOND_MS;
/** Spreads the renewals of a fleet and of many apps over a minute. */
const WINDOW_JITTER_MS = 60 * SECOND_MS;

/** A value is not handed out in its last seconds: the page still has to send the signature to the platform. */
const MARGIN_MS = 10 * SECOND_MS;

/** Most first failures are a lost connection or a restart at the other end, over within a second. */
const BACK_OFF_FIRST_MS = 1 * SECOND_MS;
/** Never faster than this, whatever the jitter and the life: a burst of calls does not help. */
const BACK_OFF_LEAST_MS = 500;
/** Never slower than this by itself: half an hour of window then holds at least 30 attempts. */
const BACK_OFF_MOST_MS = 60 * SECOND_MS;

/**
 * A doubted value's load, while the value can still be used, is repeated after 1, 4, 16 … s: a dead value is replaced within a small multiple
 * of the fault's duration, and an hour's outage costs some seven calls, not sixty, for a doubt that any client can raise.
 */
const DOUBT_FACTOR = 4;

/** The life of one kind of value. Every duration is in milliseconds; ages count from when the value was asked for. */
export interface RenewalPolicy {
  /** True: a timer renews the value and retries. False: only a caller starts a load. */
  byTimer: boolean;
  /** The age from which a value that lives `lifeMs` is not handed out any more. */
  usableForMs(lifeMs: number): number;
  /** The age at which its renewal begins, or Infinity when it is renewed only on demand, after its end. */
  renewsAfterMs(lifeMs: number, random: RandomSource): number;
  /** How long to wait after the `repeats`-th load in a row that brought the same value back. */
  repeatDelayMs(repeats: number, lifeMs: number): number;
  /** How long to wait after the `failures`-th failure in a row; at least `error.retryAfterMs`, when it has one. */
  retryDelayMs(failures: number, error: unknown, random: RandomSource): number;
}

function usableForMs(lifeMs: number): number {
  return lifeMs - Math.min(MARGIN_MS, lifeMs / 20);
}

/** How long before its end a value may be exchanged for a new one. */
function windowMs(lifeMs: number): number {
  return lifeMs > PLATFORM_WINDOW_MS ? PLATFORM_WINDOW_MS : lifeMs / 4;
}

function renewsAfterMs(lifeMs: number, random: RandomSource): number {
  const window = windowMs(lifeMs);
  const isLong = window === PLATFORM_WINDOW_MS;
  const offset = isLong ? WINDOW_OFFSET_MS : window / 20;
  const jitter = isLong ? WINDOW_JITTER_MS : window / 10;
  return lifeMs - window + offset + random() * jitter;
}

/** A thirtieth of the window, doubling to a sixth of it: 1, 2, 4, 5, 5 … minutes of a window of 30. */
function repeatDelayMs(repeats: number, lifeMs: number): number {
  const window = windowMs(lifeMs);
  return Math.max(Math.min((window / 30) * 2 ** (repeats - 1), window / 6), BACK_OFF_LEAST_MS);
}

function retryDelayMs(failures: number, error: unknown, random: RandomSource): number {
  const hintMs = retryAfterMsOf(error);
  if (hintMs === undefined) return backOffMs(failures, random);
  // A little later than requested, never sooner: many processes got the same second.
  const toldMs = clamp(hintMs + random() * BACK_OFF_LEAST_MS, BACK_OFF_LEAST_MS, MAX_DELAY_MS);
  // Another value's wait has grown by itself. A platform that always returns 0 or 1 s does not disable the back-off.
  return error instanceof ValueUnavailableError ? toldMs : Math.max(toldMs, backOffMs(failures, random));
}

function backOffMs(failures: number, random: RandomSource): number {
  const ceilingMs = Math.min(BACK_OFF_FIRST_MS * 2 ** (failures - 1), BACK_OFF_MOST_MS);
  return Math.max(random() * ceilingMs, BACK_OFF_LEAST_MS);
}

/** How long to wait after the `failures`-th failure in a row of the load for a value that was doubted: at least half of it, in ms. */
export function doubtDelayMs(failures: number, random: RandomSource): number {
  const longestMs = Math.min(BACK_OFF_FIRST_MS * DOUBT_FACTOR ** (failures - 1), MAX_DELAY_MS);
  return (longestMs / 2) * (1 + random());
}

/** The delay an error asks for, in milliseconds, if it is an object with a finite `retryAfterMs`. */
export function retryAfterMsOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return undefined;
  return typeof error.retryAfterMs === 'number' && Number.isFinite(error.retryAfterMs)
    ? error.retryAfterMs
    : undefined;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Tickets: renewed ahead, just inside the platform's last 30 minutes. */
export const renewAhead: RenewalPolicy = {
  byTimer: true,
  usableForMs,
  renewsAfterMs,
  repeatDelayMs,
  retryDelayMs,
};

/** Tokens that tickets are fetched with: taken from the cache while they live and fetched when a ticket load asks for one after that. */
export const renewOnDemand: RenewalPolicy = { ...renewAhead, byTimer: false, renewsAfterMs: () => Infinity };
