// What the simulated platform and its client do, and on which grounds: the documentation, an observation, or a guess of ours.

export interface Assumption {
  /** `documented` by the platform, `observed` in public bug reports or live replies, or `assumed`: neither says it. */
  readonly basis: 'documented' | 'observed' | 'assumed';
  /** One sentence or more. */
  readonly text: string;
  /** The report that shows how the real one behaves: `doctor --report`, or the page's "Client report". */
  readonly settledBy?: 'doctor' | 'page';
}

/** By name; served at `GET /sandbox/assumptions`. */
export const ASSUMPTIONS = {
  remainingLife: {
    basis: 'documented',
    settledBy: 'doctor',
    text: 'A repeated token call says the remaining life, in whole seconds rounded down, in expire.',
  },
  remainingTicketLife: {
    basis: 'assumed',
    settledBy: 'doctor',
    text: 'A repeated ticket call says the remaining life in expire_in, as a token call does in expire.',
  },
  sameValue: {
    basis: 'documented',
    settledBy: 'doctor',
    text: 'With more than 30 minutes left, and with exactly 30 minutes, a call returns the same value.',
  },
  shortLives: {
    basis: 'assumed',
    text: 'A life of 30 minutes or less is renewed in its last quarter, so that short lives can be tried; the real platform issues none.',
  },
  replyHeaders: {
    basis: 'observed',
    settledBy: 'doctor',
    text: 'Every reply has the headers Date and X-Tt-Logid.',
  },
  replyFields: {
    basis: 'documented',
    settledBy: 'doctor',
    text: 'A token reply is flat, a ticket reply has its fields in data, and both have HTTP 200, code and msg.',
  },
  gatewayStatus: {
    basis: 'observed',
    settledBy: 'doctor',
    text: 'The gateway refusals 99991401, 99991661 and 99991663 come with HTTP 400.',
  },
  gatewayStatusOthers: {
    basis: 'assumed',
    settledBy: 'doctor',
    text: 'The gateway refusals 99991662 and 99991671 come with HTTP 400, as the observed ones do.',
  },
  credentialCodes: {
    basis: 'observed',
    text: 'An app id that is well formed but unknown, and a wrong secret, are code 10014 with HTTP 200.',
  },
  disabledAppCodes: {
    basis: 'documented',
    text: 'A disabled app is code 10014 at the token endpoints, and 99991662 with a token it already has.',
  },
  userTokens: {
    basis: 'observed',
    text: 'A user_access_token is a JWT of up to 4 KB; an invalid one is refused with 99991668, an expired one with 99991677.',
  },
  contentType: {
    basis: 'assumed',
    text: 'The token endpoint refuses a body that is not sent as application/json with 10003.',
  },
  otherPaths: {
    basis: 'assumed',
    text: 'A path under /open-apis/ that does not exist is 99991201 with HTTP 404, another method 99991301 with HTTP 405, both without asking for a token. The ticket endpoint is POST only here; on the platform GET was seen to work.',
  },
  ticketOwner: {
    basis: 'assumed',
    text: 'A ticket belongs to an app and, for a store app, to a tenant; a page is verified against the tickets of its tenant when the tenant is given, else against the tickets of all tenants.',
  },
  storeAppRefusals: {
    basis: 'assumed',
    text: 'A tenant that has not installed the store app is refused with 99991673 at tenant_access_token, an app_access_token that is not live with 99991664, both with HTTP 200.',
  },
  appTypes: {
    basis: 'assumed',
    text: 'The endpoints of custom apps refuse a store app with 10003, and those of store apps a custom one; a resend for a custom app is 10016 (documented).',
  },
  appTickets: {
    basis: 'assumed',
    text: 'The latest two app tickets of an app are good; a resend pushes a new one at once, to the request URL.',
  },
  eventRetries: {
    basis: 'assumed',
    text: 'An event that is sent again keeps its uuid, ts and text, and is encrypted and signed anew, at its own time.',
  },
  urlVerification: {
    basis: 'assumed',
    text: 'A url_verification is encrypted when there is an encrypt key, and not signed.',
  },
  componentTickets: {
    basis: 'assumed',
    text: 'A ticket from an app_access_token or a user_access_token is good for web components only, and a store app has none of the first kind.',
  },
  componentKind: {
    basis: 'observed',
    text: 'A web component that is signed with a ticket of the wrong kind is refused with 20442 and the text "jsapi-ticket not exist".',
  },
  componentUser: {
    basis: 'assumed',
    text: 'A web component that is signed with the ticket of a user and given the openId of another, or none, is refused with 333450; the ticket of a tenant, or of the app where an openId is given, is of the wrong kind.',
  },
  componentUrl: {
    basis: 'assumed',
    text: "The stand-in: webComponent.config checks the page's own address, without query and fragment; a url argument that differs from it is refused with 333441, a missing one with 1012.",
  },
  componentErrors: {
    basis: 'observed',
    text: 'The stand-in: webComponent.onAuthError gets an Error whose message is JSON, {"msg":{"code","msg"}}. That config rejects with the same error is assumed, and so is that a component that is not in jsApiList goes to onError.',
  },
  timestampType: {
    basis: 'documented',
    settledBy: 'page',
    text: 'A timestamp that is a string is refused with 1012.',
  },
  wrongSignature: {
    basis: 'documented',
    settledBy: 'page',
    text: "A signature of anything but this page's URL and a ticket of the app is refused with 333441.",
  },
  signatureOnce: {
    basis: 'documented',
    settledBy: 'page',
    text: 'A signature is accepted once; the second time it is refused with 333443.',
  },
  checkOrder: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The client checks in this order: types of the arguments (1012), the app (333440), that it has trusted domains (333447), that the page is in one (333448), that a ticket is live (333442), the signature (333441), its age (333444), its reuse (333443).',
  },
  missingArgument: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'A missing argument is refused like one of the wrong type, with 1012, and so are an empty string and a timestamp with a fraction.',
  },
  disabledApp: {
    basis: 'assumed',
    text: 'A disabled app is 333440, like an unknown one.',
  },
  deadTicket: {
    basis: 'assumed',
    text: 'A signature that matches an expired or revoked ticket is refused with 333442, also while another ticket is live.',
  },
  refusalValues: {
    basis: 'assumed',
    text: 'The values in the text of 333441 are those the platform computed with: its newest live ticket, and the signature it expected.',
  },
  futureTimestamp: {
    basis: 'assumed',
    text: 'A timestamp more than 10 minutes ahead is refused with 333444 like one more than 10 minutes old; exactly 10 minutes pass.',
  },
  reuseScope: {
    basis: 'assumed',
    text: 'Reuse of a signature is judged per app, and only an accepted signature counts as used.',
  },
  trustedDomains: {
    basis: 'assumed',
    text: 'A trusted domain without a scheme means that host on the default port, with http or https; with a scheme it means that origin. A slash behind it is ignored. A subdomain is not included. There are no wildcards, except for pages under development: http://localhost:* means any port, here and not on the platform.',
  },
  unknownNames: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'Which names jsApiList may hold is not judged, only that it is a list of non-empty strings. In the mode unknownNames=fail of the stand-in a name that no JSAPI has fails the config with 104, as seen with some builds of the SDK.',
  },
  nameForms: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: names of jsApiList are compared without a leading tt. or h5sdk., and a dotted name is not another one for a plain name.',
  },
  emptyList: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: an accepted config whose jsApiList is empty or missing allows every JSAPI.',
  },
  unlistedJsapi: {
    basis: 'documented',
    settledBy: 'page',
    text: 'The stand-in: a JSAPI that is not in jsApiList is refused with 333445.',
  },
  notAuthorised: {
    basis: 'assumed',
    text: 'The stand-in: a JSAPI on a page that is not authorised is refused with 333445, as when it is not listed; a missing argument of a JSAPI is refused with 104.',
  },
  inheritance: {
    basis: 'assumed',
    text: 'The stand-in: a page is authorised for its URL without fragment, and pages below it by path inherit that while it is in the back stack; moving to a page that inherits nothing forgets every authorisation, and so does a load.',
  },
  checkedUrl: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: the client checks the URL of the moment config is called, or, in its mode verify=landing, the URL the document was loaded with.',
  },
  readyAlone: {
    basis: 'documented',
    settledBy: 'page',
    text: 'The stand-in: h5sdk.ready fires without config, or, in its mode ready=withhold, only once a config was accepted.',
  },
  configBeforeReady: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: a config before h5sdk.ready is answered like any other, or, in its mode beforeReady=ignore, not at all.',
  },
  errorCallback: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: h5sdk.error is called for every refused config, after onFail.',
  },
  callbackNames: {
    basis: 'documented',
    settledBy: 'page',
    text: 'The stand-in: functions of tt call success, fail and complete; dotted names of h5sdk call onSuccess and onFail.',
  },
  otherKeys: {
    basis: 'assumed',
    settledBy: 'page',
    text: 'The stand-in: h5sdk.config ignores keys that it does not know.',
  },
  failureForm: {
    basis: 'documented',
    settledBy: 'page',
    text: 'The stand-in: a failure has the fields errno and errString, and a refusal by the check of the platform is errno 2601002 with the code at the end of errString. The mode failure names the forms of other clients.',
  },
} as const satisfies Readonly<Record<string, Assumption>>;
