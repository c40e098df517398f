// Checks the options of a call, for programs in JavaScript, which no compiler checks.
import type { ConfigFault } from '../config/config-error';
import { findMisspelt } from '../config/find-misspelt';

/** What one option may be. */
export interface OptionForm {
  readonly accepts: (value: unknown) => boolean;
  /** Completes "not …". */
  readonly what: string;
  /** What to write, as code. */
  readonly example: string;
}

/** A form for every option there is. */
export type OptionForms<Options> = { readonly [Name in keyof Required<Options>]: OptionForm };

/** Shorter than in the environment: all names among our options are meant for us. */
const MIN_GUESSED = 4;

/**
 * What is wrong with `options`: that it is no object, options that do not exist, and those that are not of their form. Undefined
 * counts as not given. `at` is the name of the object; with a final dot it prefixes the names of its options.
 *
 * @example findOptionFaults({ allowedOrigin: '*' }, FORMS, '{ allowedOrigins }', 'options')
 */
export function findOptionFaults<Options>(
  options: unknown,
  forms: OptionForms<Options>,
  example: string,
  at: string,
): ConfigFault[] {
  if (!isObject(options)) {
    const what = options === undefined ? 'missing' : 'not an object';
    return [{ variable: at.replace(/\.$/, ''), message: `${what}: give ${example}` }];
  }
  const names = Object.keys(forms);
  const prefix = at.endsWith('.') ? at : '';
  return Object.entries(options).flatMap(([name, value]): ConfigFault[] => {
    const variable = prefix + name;
    if (value === undefined) return [];
    if (!Object.hasOwn(forms, name)) {
      const [guess] = findMisspelt([name], names, MIN_GUESSED);
      return [
        { variable, message: `no such option: ${guess ? `did you mean ${guess.meant}?` : 'remove it'}` },
      ];
    }
    const { accepts, what, example: right } = forms[name as keyof Options];
    return accepts(value) ? [] : [{ variable, message: `not ${what}: give ${right}` }];
  });
}

/** An object with properties of its own, and none of the kinds that are given for something else. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown): value is string => typeof value === 'string';

export const text = (example: string): OptionForm => ({ accepts: isText, what: 'a text', example });

export const texts = (example: string): OptionForm => ({
  accepts: (value) => Array.isArray(value) && value.every(isText),
  what: 'a list of texts',
  example,
});

export const flag: OptionForm = {
  accepts: (value) => typeof value === 'boolean',
  what: 'a boolean',
  example: 'true or false',
};

export const wholeNumber = (least: number, example: string): OptionForm => ({
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least,
  what: `a whole number of at least ${least}`,
  example,
});

export const callable = (example: string): OptionForm => ({
  accepts: (value) => typeof value === 'function',
  what: 'a function',
  example,
});

/** An object, or an instance of a class, with these methods. */
export const withMethods = (methods: readonly string[], example: string): OptionForm => ({
  accepts: (value) => hasMethods(value, methods),
  what: `an object with ${methods.join(', ')}`,
  example,
});

export function hasMethods(value: unknown, methods: readonly string[]): boolean {
  return (
    isObject(value) && methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  );
}
