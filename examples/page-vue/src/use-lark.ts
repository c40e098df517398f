import { create, type Lark, type LarkJsapiError } from 'lark-jsapi-signer/browser';
import { shallowRef } from 'vue';

const lark = create({ endpoint: import.meta.env.VITE_SIGNER, jsApiList: ['scanCode'] });

/** What a component needs for a call of JSAPIs: `run` starts it; `result` or `error` of `state` is its outcome. */
export function useLark<T>(call: (lark: Lark) => Promise<T>) {
  const state = shallowRef<{ isRunning?: boolean; result?: T; error?: LarkJsapiError }>({});
  const run = async () => {
    state.value = { isRunning: true };
    state.value = await call(lark).then(
      (result) => ({ result }),
      (error) => ({ error }),
    );
  };
  return { state, run };
}
