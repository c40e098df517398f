// What happened in a simulation, told in lines: when, to whom, what.

/** Enough to see how a fault came about; a whole simulation would be tens of thousands. */
const KEPT_LINES = 400;

/** The latest lines. */
export class Trace {
  readonly #nowMs: () => number;
  readonly #isWhole: boolean;
  readonly #lines: string[] = [];

  /** `isWhole`: keeps every line. */
  constructor(nowMs: () => number, isWhole = false) {
    this.#nowMs = nowMs;
    this.#isWhole = isWhole;
  }

  say(who: string, what: string): void {
    this.#lines.push(`${clockTime(this.#nowMs())}  ${who.padEnd(12)}  ${what}`);
    // Dropped by the half, so that dropping costs next to nothing.
    if (!this.#isWhole && this.#lines.length > 2 * KEPT_LINES) this.#lines.splice(0, KEPT_LINES);
  }

  get lines(): readonly string[] {
    return this.#isWhole ? this.#lines : this.#lines.slice(-KEPT_LINES);
  }
}

/** `1:02:03.456` since the simulation began. */
export function clockTime(ms: number): string {
  const whole = Math.floor(ms);
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1_000) % 60,
  ];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${hours}:${two(minutes)}:${two(seconds)}.${String(whole % 1_000).padStart(3, '0')}`;
}
