// The address at which the signer's page says why the client refused: the facts are in its fragment, which no browser sends.
import type { Failure } from './lark-jsapi-error';
import type { Page } from './page';
import type { SignedConfig } from './read-signed-config';

/** Room for a page URL of 2,000 characters, three times; consoles and chats take as much. */
const LONGEST = 8_000;
/** The client shows five characters of a ticket; one that something printed whole is cut to as many. */
const TICKET = /(js(?:api)?_?ticket\W{1,4}\w{5})\w+/gi;

/**
 * `<endpoint>/#explain?…` with the refused signature, the page and the client's words; undefined without an endpoint.
 * A value that does not fit is left out entirely, since half a URL would be explained wrongly.
 */
export function explainUrl(
  page: Page,
  endpoint: string | undefined,
  url: string,
  { timestamp, nonceStr, signature, appId }: SignedConfig,
  { code: errorCode, detail: errorText }: Failure,
): string | undefined {
  if (endpoint === undefined) return undefined;
  const known: Record<string, unknown> = {
    errorCode,
    // As JSON, so that a string, which the client refuses, differs from a number.
    timestamp: JSON.stringify(timestamp),
    nonceStr,
    signature,
    appId,
    url,
    pageUrl: page.location.href,
    errorText,
  };
  const facts = new URLSearchParams();
  for (const [name, value] of Object.entries(known)) {
    const text = String(value).replace(TICKET, '$1****');
    if (value) facts.append(name, text);
    if (String(facts).length > LONGEST) facts.delete(name);
  }
  return `${endpoint}/#explain?${String(facts)}`;
}
