// A page adds a JSAPI and a function of tt that the package does not have.
import { create } from 'lark-jsapi-signer/browser';

declare module 'lark-jsapi-signer/globals' {
  interface JsApis {
    getStepCount: { params: { day?: 'today' }; result: { stepCount: number } };
  }
  interface Tt {
    getRecorderManager(): { start(): void };
  }
}

export async function use(): Promise<void> {
  (await create().call('getStepCount', { day: 'today' })).stepCount satisfies number;
  tt.getStepCount({ success: ({ stepCount }) => stepCount satisfies number });
  tt.getRecorderManager().start();
  // @ts-expect-error not today
  await create().call('getStepCount', { day: 'yesterday' });
}
