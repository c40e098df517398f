// Asks the simulated platform what it says of a config. Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { ConfigCall, VerifyResult } from '../config-call';
import type { StandInWindow } from './stand-in-window';

/** The verdict of the platform at `platformUrl`; 2601001 when it does not answer. Never rejects. */
export async function askPlatform(
  window: StandInWindow,
  platformUrl: string,
  call: ConfigCall,
): Promise<VerifyResult> {
  try {
    // A string without a content type needs no preflight.
    const reply = await window.fetch(`${platformUrl}/sandbox/verify`, {
      method: 'POST',
      body: JSON.stringify(call),
    });
    return (await reply.json()) as VerifyResult;
  } catch (error) {
    return { errCode: 2601001, errMsg: `the simulated platform does not answer: ${String(error)}` };
  }
}
