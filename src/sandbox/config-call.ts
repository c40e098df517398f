// What a page hands to `h5sdk.config`, and whether it is of the form that a client looks into.

/** What a page handed to `h5sdk.config`, unchecked, and the page's own `location.href`. */
export interface ConfigCall {
  appId?: unknown;
  timestamp?: unknown;
  nonceStr?: unknown;
  signature?: unknown;
  /** As the client knows it, not as the page claims; cut at `#` here. */
  url?: unknown;
  jsApiList?: unknown;
  /** The tenant the client is of; without it a ticket of any tenant is good. */
  tenantKey?: unknown;
  /** `component`: the arguments of `webComponent.config`. */
  kind?: unknown;
  /** Whose ticket `webComponent.config` was given; without it the app's own. */
  openId?: unknown;
}

/** 0 and `ok`, or the code and the text that `onFail` gets. */
export interface VerifyResult {
  errCode: number;
  errMsg: string;
}

/** Said of a page's address. */
export const NOT_A_PAGE = 'url must be an absolute URL';

/** A call whose arguments have their types. */
export interface CheckedCall {
  appId: string;
  timestamp: number;
  nonceStr: string;
  signature: string;
  url: string;
}

/** What is wrong with the arguments, before anybody looks at their values; undefined when nothing is. */
export function findWrongArgument(call: ConfigCall): string | undefined {
  for (const name of ['appId', 'nonceStr', 'signature', 'url'] as const) {
    const value = call[name];
    if (typeof value !== 'string' || value === '') return `${name} must be a string`;
  }
  if (!Number.isSafeInteger(call.timestamp)) return 'timestamp must be a number';
  if (!parsePage(call.url as string)) return NOT_A_PAGE;
  if (call.openId !== undefined && typeof call.openId !== 'string') return 'openId must be a string';
  const { jsApiList = [] } = call;
  const names =
    Array.isArray(jsApiList) && jsApiList.every((name) => typeof name === 'string' && name !== '');
  return names ? undefined : 'jsApiList must be a list of names';
}

/**
 * The page's address, or undefined for what no page has. A client's host is ASCII, and 253 characters at most; a parser given another
 * one takes time that grows with the square of its length.
 */
export function parsePage(url: string): URL | undefined {
  if (!/^https?:\/\/[\w.:[\]-]{1,259}(?:[/?#]|$)/i.test(url)) return undefined;
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}
