// What a test of a page may tell the fake client.
import { installFakeClient, type FakeClientOptions } from 'lark-jsapi-signer/testing';

export const options: FakeClientOptions = {
  answers: {
    scanCode: ({ barCodeInput }) => ({ result: barCodeInput ? 'typed' : 'scanned' }),
    getNetworkType: { networkType: '4g' },
    showToast: () => undefined,
    aNewJsApi: { steps: 7 },
  },
  refuse: { config: [333443], getLocation: 105 },
  userAgent: 'Mozilla/5.0 Lark/7.0.0',
  verify: 'http://127.0.0.1:4400',
  signer: 'https://signer.example.com',
  modes: { failure: 'errCode', latency: 20 },
  window,
};
installFakeClient(options) satisfies () => void;
installFakeClient() satisfies () => void;
// @ts-expect-error a result of another type
installFakeClient({ answers: { scanCode: { result: 1 } } });
// @ts-expect-error a misspelt field
installFakeClient({ answers: { scanCode: { results: 'A-1' } } });
// @ts-expect-error a misspelt value
installFakeClient({ answers: { getNetworkType: { networkType: '6g' } } });
// @ts-expect-error an unknown mode
installFakeClient({ modes: { speed: 1 } });
// @ts-expect-error refusals are codes
installFakeClient({ refuse: { config: 'invalid signature' } });
