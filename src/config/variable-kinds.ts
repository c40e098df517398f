// How a variable's text becomes a value: zod schemas whose faults say what to write instead.
import * as z from 'zod';
import { Secret } from '../base/secret';
import { isServiceAddress } from './find-unread';
import { isQuoted, QUOTED_FAULT } from './quoted-value';

/** A variable's value: trimmed, and undefined when it is empty or not set. */
export type Read = (variable: string) => string | undefined;

/** Reads a text file, or throws as `fs.readFileSync` does. */
export type ReadFile = (path: string) => string;

/** `parse` as a schema's step: what it throws becomes the fault. */
export function orFault<Input, Value>(parse: (input: Input) => Value) {
  return (input: Input, context: z.RefinementCtx<Input>): Value => {
    try {
      return parse(input);
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: undefined });
      return z.NEVER;
    }
  };
}

/** The text through `parse`; its error becomes the fault. `whatToWrite` is the message when the variable is missing. */
export function parsed<Value>(parse: (text: string) => Value, whatToWrite = 'a value') {
  return z.string({ error: `missing: write ${whatToWrite}` }).transform(orFault(parse));
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number) {
  return parsed((text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    if (isServiceAddress(text))
      throw new Error(
        `"${text}" is what Kubernetes sets for a Service of this name: write enableServiceLinks: false into the pod's spec`,
      );
    throw new Error(`"${text}" is not a whole number from ${least} to ${most}`);
  });
}

const FLAG_WORDS: Readonly<Record<string, boolean>> = { on: true, true: true, off: false, false: false };

/** What a flag says, in any letter case; undefined when it is not `on`, `off`, `true` or `false`. */
export function readFlag(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(FLAG_WORDS, word) ? FLAG_WORDS[word] : undefined;
}

/** A flag, `readFlag`. */
export function flag() {
  return parsed((text) => {
    const value = readFlag(text);
    if (value !== undefined) return value;
    throw new Error(`"${text}" is not one of on, off, true and false`);
  });
}

/** A secret from `variable`, or from the file that `<variable>_FILE` names; not from both. */
export function secret(variable: string, whatToWrite: string, read: Read, readFile: ReadFile) {
  return optionalSecret(variable, read, readFile).transform((value, context) => {
    if (value !== undefined) return value;
    const message = `missing: write ${whatToWrite}, or name a file that holds it in ${variable}_FILE`;
    context.issues.push({ code: 'custom', message, input: undefined });
    return z.NEVER;
  });
}

/** The same, and undefined when neither is set. */
export function optionalSecret(variable: string, read: Read, readFile: ReadFile) {
  return z.unknown().transform((_, context) => {
    const text = read(variable);
    const path = read(`${variable}_FILE`);
    // A fault of the file's variable has the path [variable, '_FILE'], which is joined when faults are listed.
    const refuse = (message: string) => {
      context.issues.push({ code: 'custom', message, input: undefined, path: ['_FILE'] });
      return z.NEVER;
    };
    if (path === undefined) return text === undefined ? undefined : new Secret(text);
    if (text !== undefined) return refuse(`set together with ${variable}, remove one of the two`);
    try {
      return new Secret(parseSecretFile(readText(path, readFile)));
    } catch (error) {
      return refuse((error as Error).message);
    }
  });
}

/** The secret that is all a file holds. Throws an `Error` that says what to write, without quoting anything. */
export function parseSecretFile(text: string): string {
  // Editors and `echo` end a file with a line break, which is not part of the secret.
  const content = text.replace(/[\r\n]+$/, '');
  if (content === '') throw new Error('the file is empty: write the secret into it');
  if (isQuoted(content)) throw new Error(QUOTED_FAULT);
  if (/\s/.test(content))
    throw new Error('the file holds white space or several lines: write the secret alone into it');
  return content;
}

const READ_ADVICE: Readonly<Record<string, string>> = {
  EAGAIN: 'it is a pipe, and nothing was written into it for 5 s',
  EFBIG: 'it is larger than 1 MiB, name another file',
  EISDIR: 'it is a folder, name a file in it',
  ENOTSUP: 'it is a device or a socket, name a file',
};

/** The text of the file at `path`; throws an `Error` that says what to check. A path is not quoted: it may be a secret set in the wrong place. */
export function readText(path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const advice = READ_ADVICE[code] ?? 'check its path, and that this user may read it';
    throw new Error(`the file cannot be read (${code}): ${advice}`, { cause: error });
  }
}
