// Puts the stand-in for the client into a window: h5sdk, tt, webComponent, and a handle for tests. Refers to nothing outside of itself.
/* istanbul ignore file -- sent to browsers as text, where a counter of the coverage would be an unknown name */

import type { ConfigCall, VerifyResult } from '../config-call';
import type { ConfigRecord, createAuthorisation } from './create-authorisation';
import type { createComponents } from './create-components';
import type { createJsapis, JsapiRules } from './create-jsapis';
import type { describeFailure } from './describe-failure';
import type { StandInModes } from './modes';
import type { Callback, Parameters, StandInWindow } from './stand-in-window';

/** The other functions of the script, and its data. Passed in, because the text of a function carries no imports. */
export interface StandInParts extends Pick<JsapiRules, 'answers' | 'needs'> {
  createAuthorisation: typeof createAuthorisation;
  createComponents: typeof createComponents;
  createJsapis: typeof createJsapis;
  describeFailure: typeof describeFailure;
  /** What the client says of each code. */
  meanings: Readonly<Record<number, string | undefined>>;
  /** Whether the client accepts a config. Never rejects. */
  ask: (call: ConfigCall) => Promise<VerifyResult>;
  /** The code that is wanted next of `config`, of `webComponent.config` or of a JSAPI, before those of the modes. */
  wanted?: (name: string) => number | undefined;
}

/** `window.__larkStandIn`: for tests and for pages that show what the client saw. */
export interface StandInHandle {
  /** May be changed at any time. */
  modes: StandInModes;
  /** Every answered `config`, oldest first. */
  configs: ConfigRecord[];
}

export function installStandIn(window: StandInWindow, modes: StandInModes, parts: StandInParts): void {
  const handle: StandInHandle = { modes, configs: [] };
  const describe = (code: number, text: string): object => parts.describeFailure(modes.failure, code, text);
  const later = (callback: () => void): void => void window.setTimeout(callback, modes.latency);

  const takeRefusal = (name: string, codes: number[]): VerifyResult | undefined => {
    const errCode = parts.wanted?.(name) ?? codes.shift();
    return errCode === undefined
      ? undefined
      : { errCode, errMsg: parts.meanings[errCode] ?? `refused with ${errCode}` };
  };

  const authorisation = parts.createAuthorisation(window, parts.ask, modes, () =>
    takeRefusal('config', modes.refuse),
  );

  const errorCallbacks: Callback[] = [];
  /** From now on `h5sdk.ready` fires. A page that calls it at once has its callback after this. */
  let isReady = false;
  later(() => (isReady = true));
  /** Callbacks that wait for an accepted config; undefined once a config was accepted. */
  let withheld: (() => void)[] | undefined = [];

  const h5sdk: Record<string, unknown> = {
    ready(callback: () => void) {
      if (modes.ready === 'withhold' && withheld) withheld.push(callback);
      else later(callback);
    },
    error(callback: Callback) {
      errorCallbacks.push(callback);
    },
    config(parameters: Parameters) {
      if (modes.beforeReady === 'ignore' && !isReady) return;
      void authorisation.check(parameters, known).then((record) => {
        handle.configs.push(record);
        const { errCode, errMsg } = record;
        const failure = describe(errCode, errMsg);
        const own = errCode === 0 ? parameters['onSuccess'] : parameters['onFail'];
        const calls = errCode === 0 ? (withheld ?? []) : errorCallbacks.map((tell) => () => tell(failure));
        if (errCode === 0) withheld = undefined;
        if (typeof own === 'function') {
          calls.unshift(() => (own as Callback)(errCode === 0 ? { errMsg: 'config:ok' } : failure));
        }
        // Each in its own try, so that a callback that throws does not silence the next.
        for (const call of calls) window.setTimeout(call, 0);
      });
    },
  };

  const { tt, dotted } = parts.createJsapis({
    answers: parts.answers,
    needs: parts.needs,
    allows: authorisation.allows,
    refusal: (name) => takeRefusal(name, modes.fail),
    describe,
    later,
  });
  const known = [...Object.keys(tt), ...Object.keys(dotted)];
  for (const [name, jsapi] of Object.entries(dotted)) {
    const path = name.split('.');
    const last = String(path.pop());
    let owner = h5sdk;
    for (const folder of path) owner = (owner[folder] ??= {}) as Record<string, unknown>;
    owner[last] = jsapi;
  }
  const webComponent = parts.createComponents(window, {
    ask: parts.ask,
    refusal: () => takeRefusal('webComponent.config', modes.refuse),
    pause: () => new Promise((resolve) => later(resolve)),
    record: (record) => handle.configs.push(record),
  });
  Object.assign(window, { h5sdk, tt, webComponent, __larkStandIn: handle });
}
