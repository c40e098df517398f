import { create, type Lark, type LarkJsapiError } from 'lark-jsapi-signer/browser';
import { useState } from 'react';

const lark = create({ endpoint: import.meta.env.VITE_SIGNER, jsApiList: ['scanCode'] });

/** What a component needs for a call of JSAPIs: `run` starts it; `result` or `error` is its outcome. */
export function useLark<T>(call: (lark: Lark) => Promise<T>) {
  const [state, setState] = useState<{ isRunning?: boolean; result?: T; error?: LarkJsapiError }>({});
  const run = () => {
    setState({ isRunning: true });
    call(lark).then(
      (result) => setState({ result }),
      (error) => setState({ error }),
    );
  };
  return { ...state, run };
}
