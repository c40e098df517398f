// How a signature is made, right or wrong: the values that go in, their string, and the hash.
import { createHmac, hash } from 'node:crypto';
import { stringToSign } from '../signing/signature';

/** Everything that a signature depends on. The ticket's text stays in here. */
export interface Recipe {
  readonly ticket: string;
  readonly nonceStr: string;
  /** As it stands in the string. */
  readonly timestamp: string;
  readonly url: string;
  /** The string that is hashed; the platform's own when absent. */
  readonly toText?: (values: Readonly<Record<'ticket' | 'nonceStr' | 'timestamp' | 'url', string>>) => string;
  /** Hexadecimal digest; SHA-1 when absent. */
  readonly toHex?: (text: string, ticket: string) => string;
}

/** The hexadecimal digest that a recipe gives. */
export function compute(recipe: Recipe): string {
  // The types of a right signature ask for a number: a template prints both alike.
  const text =
    recipe.toText?.(recipe) ?? stringToSign({ ...recipe, timestamp: recipe.timestamp as unknown as number });
  return recipe.toHex?.(text, recipe.ticket) ?? hash('sha1', text, 'hex');
}

/** A plain hash by its name in Node. */
export const hashBy = (algorithm: string) => (text: string) => hash(algorithm, text, 'hex');

/** A keyed hash by its name in Node, with the ticket for a key. */
export const hmacBy = (algorithm: string) => (text: string, ticket: string) =>
  createHmac(algorithm, ticket).update(text).digest('hex');
