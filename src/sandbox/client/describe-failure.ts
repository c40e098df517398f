// A failure in the forms that clients hand to onFail, fail and h5sdk.error. Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { StandInModes } from './modes';

/** The object for a platform's code and text, in the wanted form. */
export function describeFailure(form: StandInModes['failure'], code: number, text: string): object {
  switch (form) {
    case 'errString':
      // Documented since client 5.15; a refusal of the platform's check is wrapped, with its code in the text.
      return code > 333_400 && code < 333_500
        ? { errno: 2601002, errString: `authentication failed: ${text} (error code: ${code})` }
        : { errno: code, errString: text };
    case 'words':
      return { errString: text };
    case 'errno':
      return { errno: code, errMsg: text };
    case 'errCode':
      return { errCode: code, errMsg: text };
    case 'errorCode':
      return { errorCode: code, errorMessage: text };
    case 'wrapped':
      return { errCode: 2601002, errMsg: `authentication failed, code: ${code}, ${text}` };
  }
}
