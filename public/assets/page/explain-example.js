// A refusal to try the explanation with: its cause shows in the values, so that it needs no ticket.

/** 71 s: any time by which two replies differ. */
const APART_MS = 71_000;

/** A page that mixed two replies, as its console would show it; `appId` where it is known, since a service of several apps asks for it. */
export function exampleRefusal(appId, nowMs) {
  const checkedMs = nowMs - APART_MS;
  const reply = {
    appId,
    timestamp: nowMs,
    nonceStr: '225dbb5b4d13f2f45bd045fa4a62640d',
    signature: '23b94291dd2f2b4f346ab15b52953123f0bd4d54',
    url: 'https://h5.example.com/orders?id=42',
  };
  const failure = {
    errno: 2601002,
    errString: `authentication failed: invalid signature: signature: c5201****, nonce_str: 225d****, url: ${reply.url}, timestamp: %!s(int64=${checkedMs}) (error code: 333441)`,
  };
  return `${JSON.stringify(reply)}\n${JSON.stringify(failure)}`;
}
