// The signature as a team writes it for itself, for the contestants that bring none.
import { createHash, randomBytes } from 'node:crypto';

/** The arguments of `h5sdk.config` for one page. */
export function sign(appId, ticket, url) {
  const timestamp = Date.now();
  const nonceStr = randomBytes(16).toString('hex');
  const signature = createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`)
    .digest('hex');
  return { appId, timestamp, nonceStr, signature, url };
}
