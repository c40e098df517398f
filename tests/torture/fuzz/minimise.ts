// Makes a failing input smaller: takes pieces out of its parts as long as it fails.
import type { Input } from './fuzz-target';

/** A failure is looked at by a person: what has become of it by then is readable, and one that is slow must not hold up the rest. */
const MAX_MS = 3_000;

/** A smaller input for which `fails` still holds, found within three seconds; `input` itself when none is. */
export async function minimise(input: Input, fails: (input: Input) => Promise<boolean>): Promise<Input> {
  let smallest = input;
  const endsAtMs = performance.now() + MAX_MS;
  for (const part of Object.keys(input)) {
    const text = () => smallest[part] ?? '';
    for (let length = text().length; length >= 1; length = Math.floor(length / 2)) {
      for (let at = 0; at < text().length && performance.now() < endsAtMs;) {
        const shorter = { ...smallest, [part]: text().slice(0, at) + text().slice(at + length) };
        if (await fails(shorter)) smallest = shorter;
        else at += length;
      }
    }
  }
  return smallest;
}
