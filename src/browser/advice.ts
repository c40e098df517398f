// What to do about a code: one sentence each. Short, because it is sent to every page; docs/front-end.md says more.

const ARGUMENTS = 'Check jsApiList (an entry may not be valid for web apps); timestamp must be a number.';
const REFUSED_TWICE = 'Refused twice: check the clock of the signer, and that nothing caches its replies.';
const SECURITY = ' in the developer console, Security settings.';
const VERSION = 'Check its name and the version of the client.';

/** Sentences by the platform's code, the service's problem code or one of the helper's own. */
export const ADVICE: Readonly<Record<string, string>> = {
  104: ARGUMENTS,
  1012: ARGUMENTS,
  2601001: 'The platform has a fault: try again later.',
  2601002: 'The text holds the reason.',
  333440: 'No such app: check its id, and whether it is of Feishu or of Lark.',
  333441: 'The client checks another URL than was signed: see signUrl.',
  333442: 'The ticket died or is of another app: check app id and secret of the signer.',
  333443: REFUSED_TWICE,
  333444: REFUSED_TWICE,
  333445: 'Name this JSAPI in jsApiList.',
  333446: VERSION,
  333447: 'Add an H5 trusted domain' + SECURITY,
  333448: 'Add this page to the H5 trusted domains' + SECURITY,
  333449: 'The app is not visible to this user: see its availability in the developer console.',
  NOT_IN_LARK: 'Open the page inside the Feishu or Lark client.',
  SDK_UNAVAILABLE: 'Check sdkUrl and the script-src of your Content-Security-Policy.',
  ENDPOINT_MISSING: 'Give create() an endpoint: the address of the signer.',
  SIGNER_UNREACHABLE: 'Check the endpoint and the connect-src of your Content-Security-Policy.',
  REPLY_UNREADABLE: 'This is no reply of the signer: check the endpoint, or your request().',
  API_MISSING: VERSION,
  URL_UNSTABLE: "The page keeps changing its URL: see reconfigureOn: 'path'.",
};
