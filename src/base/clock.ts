// Time as a parameter: wall time, monotonic time and timers come from one object, so that a test can move all three.

/** A timer that was set with `Clock.setTimer`. */
export interface Timer {
  /** Stops the timer; no effect when it has already fired. */
  cancel(): void;
}

/** Where time comes from. Every part of the service that reads or waits for time takes one. */
export interface Clock {
  /** Milliseconds since the Unix epoch by this machine's clock; can jump when the clock is set. */
  wallMs(): number;
  /** Milliseconds since an arbitrary point; never goes back, and may stand still while the machine is suspended. */
  monotonicMs(): number;
  /** Calls `callback` once, `delayMs` from now. The timer never keeps the process alive. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

/** When something happened, by both clocks, in milliseconds. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

/** A value with a limited life: a token, a ticket. */
export interface Timed<T> {
  value: T;
  /** Milliseconds that it lives, from the reply that brought it on; counted from `sentAt` its end comes a little early. */
  lifeMs: number;
  /** When the request for it was sent: the cautious start of its life. */
  sentAt: Moment;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(callback, delayMs) {
    const timeout = setTimeout(callback, delayMs);
    timeout.unref();
    return {
      cancel: () => {
        clearTimeout(timeout);
      },
    };
  },
};
