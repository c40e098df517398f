// Makes a failing input smaller: takes pieces out of its parts as long as it fails.
import type { Input } from './fuzz-target';

/** A failure is looked at by a person: this many tries make it readable, and take a moment. */
const MOST_TRIES = 1_000;

/** A smaller input for which `fails` still holds; `input` itself when none is found. */
export async function minimise(input: Input, fails: (input: Input) => Promise<boolean>): Promise<Input> {
  let smallest = input;
  let tries = 0;
  for (const part of Object.keys(input)) {
    const text = () => smallest[part] ?? '';
    for (let length = text().length; length >= 1; length = Math.floor(length / 2)) {
      for (let at = 0; at < text().length && tries < MOST_TRIES; tries += 1) {
        const shorter = { ...smallest, [part]: text().slice(0, at) + text().slice(at + length) };
        if (await fails(shorter)) smallest = shorter;
        else at += length;
      }
    }
  }
  return smallest;
}
