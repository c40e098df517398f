// How the stand-in for the client behaves where versions of the real one differ, or may: the query of its script URL.
import * as z from 'zod';
import { CLIENT_MEANINGS } from '../../client-failures/client-codes';

/** Of the client's codes, in the order of their use. */
const codes = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter(Boolean).map(Number))
  .refine((list) => list.every((code) => code in CLIENT_MEANINGS), 'a code that clients do not know');

/** Written out, so that the type alone needs no zod. */
export interface StandInModes {
  /** The URL the client checks: of now, or the one the page was loaded with, before any history navigation. */
  verify: 'current' | 'landing';
  /** Whether `h5sdk.ready` fires without `config`, or only once a config was accepted. */
  ready: 'fire' | 'withhold';
  /** How long every answer takes, in ms. Ten seconds at most: pages give up after that. */
  latency: number;
  /** What `config` does before `h5sdk.ready` could have fired: it is answered, or nothing happens, not even a callback. */
  beforeReady: 'answer' | 'ignore';
  /** A name in `jsApiList` that is no JSAPI: nothing is said, or the whole config fails with 104. */
  unknownNames: 'accept' | 'fail';
  /** The form of a failure: which fields it has, or its code only in the text of a 2601002 (`errString`, `wrapped`), or no code at all (`words`). */
  failure: 'errString' | 'errno' | 'errCode' | 'errorCode' | 'wrapped' | 'words';
  /** Codes for the next calls of `config`, that of `webComponent` too, one each, with nothing checked. */
  refuse: number[];
  /** The same for the next JSAPIs. */
  fail: number[];
}

const modesSchema: z.ZodType<StandInModes> = z.strictObject({
  verify: z.enum(['current', 'landing']).default('current'),
  ready: z.enum(['fire', 'withhold']).default('fire'),
  latency: z.coerce.number().int().min(0).max(10_000).default(0),
  beforeReady: z.enum(['answer', 'ignore']).default('answer'),
  unknownNames: z.enum(['accept', 'fail']).default('accept'),
  failure: z.enum(['errString', 'errno', 'errCode', 'errorCode', 'wrapped', 'words']).default('errString'),
  refuse: codes,
  fail: codes,
});

/** The modes in `query`. Throws RangeError, which says what there is, for an unknown one. */
export function parseModes(query: string): StandInModes {
  const { success, data, error } = modesSchema.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (success) return data;
  throw new RangeError(
    'The modes are verify=current|landing, ready=fire|withhold, latency=<ms, up to 10000>, ' +
      'beforeReady=answer|ignore, unknownNames=accept|fail, ' +
      'failure=errString|errno|errCode|errorCode|wrapped|words, ' +
      `refuse=<codes> and fail=<codes>, as in refuse=333443,10001. What came: ${z.prettifyError(error)}`,
  );
}
