// Simulates the client's check of `h5sdk.config`, computed independently of the service's own signing.
import { createHash } from 'node:crypto';
import {
  findWrongArgument,
  NOT_A_PAGE,
  parsePage,
  type CheckedCall,
  type ConfigCall,
  type VerifyResult,
} from './config-call';
import {
  APP_ITSELF,
  isComponentHolder,
  isUserHolder,
  tenantHolder,
  userHolder,
  type IssuedValue,
} from './issued-values';
import type { PlatformState } from './platform-state';
import { SeenSignatures } from './seen-signatures';
import { ANY_PORT } from './trusted-domain';

// Documented: a signature lives 10 minutes.
const SIGNATURE_LIFE_MS = 600_000;

/** The SHA-1 over the platform's string, lower-case hexadecimal. */
export function expectedSignature(ticket: string, nonceStr: string, timestamp: number, url: string): string {
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
  return createHash('sha1').update(text, 'utf8').digest('hex');
}

/** The check, with its memory of used signatures. The order of its steps is an assumption (`assumptions.ts`). */
export function createVerifier(state: PlatformState): (call: ConfigCall) => VerifyResult {
  const seen = new SeenSignatures(SIGNATURE_LIFE_MS);

  return function verify(call) {
    const fault = findWrongArgument(call);
    if (fault) return refused(1012, fault);
    const { appId, timestamp, nonceStr, signature, url } = call as CheckedCall;
    const app = state.app(appId);
    if (!app || app.disabled) return refused(333440, `no such app: ${appId}`);
    if (app.trustedDomains.length === 0) return refused(333447, 'the app has no H5 trusted domain');
    // Documented: a web component's URL carries no query either.
    const pageUrl = url.split(call.kind === 'component' ? /[?#]/ : '#', 1)[0] ?? '';
    const page = parsePage(pageUrl);
    if (!page) return refused(1012, NOT_A_PAGE);
    if (!app.trustedDomains.some((domain) => covers(domain, page))) {
      return refused(333448, `${page.origin} is not in the H5 trusted domains of the app`);
    }

    const issued = candidates(state, appId, call);
    const newest = issued.findLast((ticket) => state.tickets.isLive(ticket));
    const sign = (ticket: string): string => expectedSignature(ticket, nonceStr, timestamp, pageUrl);
    const signedWith = issued.findLast(({ value }) => sign(value) === signature);
    if (call.kind === 'component' && !signedWith) {
      const other = state.tickets.ofApp(appId).findLast(({ value }) => sign(value) === signature);
      if (other) return refuseHolder(other.holder);
    }
    if (!newest || (signedWith && !state.tickets.isLive(signedWith))) {
      return refused(333442, 'no valid jsapi_ticket for this app');
    }
    if (!signedWith) {
      // The platform's own format, its unfilled verb for the timestamp included.
      const values = [
        `signature: ${masked(sign(newest.value), 5)}`,
        `jsticket: ${masked(newest.value, 5)}`,
        `nonce_str: ${masked(nonceStr, 4)}`,
        `url: ${pageUrl}`,
        `timestamp: %!s(int64=${timestamp})`,
      ];
      return refused(333441, `invalid signature: ${values.join(', ')}`);
    }
    const nowMs = state.nowMs();
    if (Math.abs(nowMs - timestamp) > SIGNATURE_LIFE_MS) {
      return refused(333444, 'signature is expired');
    }
    if (!seen.add(`${appId} ${signature}`, nowMs)) return refused(333443, 'duplicate signature');
    return { errCode: 0, errMsg: 'ok' };
  };
}

/** The tickets that this client, or this web component, may have been signed with. */
function candidates(state: PlatformState, appId: string, call: ConfigCall): readonly IssuedValue[] {
  const { tenantKey, kind, openId } = call;
  if (kind === 'component')
    return state.tickets.ofHolder(appId, typeof openId === 'string' ? userHolder(openId) : APP_ITSELF);
  if (typeof tenantKey === 'string') return state.tickets.ofHolder(appId, tenantHolder(tenantKey));
  return state.tickets.ofApp(appId).filter(({ holder }) => !isComponentHolder(holder));
}

/** Why a web component does not take the ticket of `holder`, which is not the one that its openId names. */
function refuseHolder(holder: string): VerifyResult {
  return isUserHolder(holder)
    ? refused(333450, 'openId is not of the user whose ticket signed')
    : refused(20442, 'jsapi-ticket not exist');
}

function covers(domain: string, page: URL): boolean {
  if (domain.endsWith(ANY_PORT)) {
    const { protocol, hostname } = new URL(domain.slice(0, -ANY_PORT.length));
    return page.protocol === protocol && page.hostname === hostname;
  }
  if (domain.includes('://')) return new URL(domain).origin === page.origin;
  return domain.toLowerCase() === page.host;
}

function masked(value: string, shown: number): string {
  return `${value.slice(0, shown)}****`;
}

function refused(errCode: number, errMsg: string): VerifyResult {
  return { errCode, errMsg };
}
