// Reads a signature out of any reply shape of the service, or of a page's own back end.

/** What h5sdk.config needs of a signature, values untouched. */
export interface SignedConfig {
  appId: unknown;
  timestamp: unknown;
  nonceStr: unknown;
  signature: unknown;
  jsApiList: unknown;
}

/** config and sample are bare, tutorial and envelope are in `data`, and a client such as axios adds another `data`. */
const DEEPEST = 3;

/** The signature in `reply`, in the shapes config, sample, tutorial or envelope, bare or under `data`; or undefined. */
export function readSignedConfig(reply: unknown): SignedConfig | undefined {
  let body = reply;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const fields = Object(body) as Record<string, unknown>;
    const { app_id, appid = app_id, appId = appid, noncestr, nonceStr = noncestr } = fields;
    const { timestamp, signature, jsApiList, data } = fields;
    if (signature && timestamp && nonceStr) return { appId, timestamp, nonceStr, signature, jsApiList };
    body = data;
  }
  return undefined;
}
