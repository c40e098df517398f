// What to do about a failure that the client did not name: one sentence each. Short, because it is sent to every page; docs/front-end.md says more.

/** Sentences by one of the helper's own codes. */
export const ADVICE: Readonly<Record<string, string>> = {
  NOT_IN_LARK: 'Open the page inside the Feishu or Lark client.',
  SDK_UNAVAILABLE: 'Check sdkUrl and the script-src of your Content-Security-Policy.',
  ENDPOINT_MISSING: 'Set the option endpoint.',
  SIGNER_UNREACHABLE: 'Check the endpoint and the connect-src of your Content-Security-Policy.',
  REPLY_UNREADABLE: 'This is no reply of the signer: check the endpoint, or your request().',
  APP_ID_MISSING: 'The reply has no appId: see the option appId.',
  API_MISSING: 'Check its name and the version of the client.',
  URL_UNSTABLE: "See reconfigureOn: 'path'.",
};
