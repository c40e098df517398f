// Where the simulated platform guesses: neither documentation nor observation says how the real one behaves here.

/** One sentence for every assumption; served at `GET /sandbox/assumptions`. */
export const ASSUMPTIONS = [
  'A repeated call says the remaining life, in whole seconds rounded down, in expire and expire_in.',
  'With exactly 30 minutes left a call still returns the same value.',
  'A life of 30 minutes or less is renewed in its last quarter, so that short lives can be tried; the real platform issues none.',
  'The gateway refusals 99991401, 99991662, 99991663 and 99991671 come with HTTP 400, as observed for 99991661.',
  'An app id that is well formed but unknown is code 10015, a wrong secret 10014 (observed), a disabled app 10005 at the token endpoint and 99991662 with a token it already has.',
  'The token endpoint refuses a body that is not sent as application/json with 10003.',
  'The ticket endpoint is POST only; any other path or method under /open-apis/ first asks for a token (99991661 without one), then answers 404 with code 404.',
  'A ticket belongs to an app, whatever the tenant, and a page is verified against every live ticket of its app.',
  'The client checks in this order: types of the arguments (1012), the app (333440), that it has trusted domains (333447), that the page is in one (333448), that a ticket is live (333442), the signature (333441), its age (333444), its reuse (333443).',
  'A missing argument is refused like one of the wrong type, with 1012, and so are an empty string and a timestamp with a fraction.',
  'A disabled app is 333440, like an unknown one.',
  'A signature that matches an expired or revoked ticket is refused with 333442, also while another ticket is live.',
  'The values in the text of 333441 are those the platform computed with: its newest live ticket, and the signature it expected.',
  'A timestamp more than 10 minutes ahead is refused with 333444 like one more than 10 minutes old; exactly 10 minutes pass.',
  'Reuse of a signature is judged per app, and only an accepted signature counts as used.',
  'A trusted domain without a scheme means that host on the default port, with http or https; with a scheme it means that origin. There are no wildcards, and a subdomain is not included.',
  'Which names jsApiList may hold is not judged, only that it is a list of non-empty strings.',
  'The stand-in for the client: an accepted config whose jsApiList is empty or missing allows every JSAPI; otherwise names are compared without a leading tt. or h5sdk., and a dotted name is not another one for a plain name.',
  'The stand-in: a JSAPI is refused with 333445 on a page that is not authorised, as when it is not listed; a missing argument of a JSAPI is refused with 104.',
  'The stand-in: a page is authorised for its URL without fragment, and pages below it by path inherit that while it is in the back stack; moving to a page that inherits nothing forgets every authorisation, and so does a load.',
  'The stand-in: the client checks the URL of the moment config is called, or, in its mode verify=landing, the URL the document was loaded with.',
  'The stand-in: h5sdk.ready fires without config, or, in its mode ready=withhold, only once a config was accepted; h5sdk.error hears of every refused config, after onFail.',
  'The stand-in: functions of tt call success, fail and complete; dotted names of h5sdk call onSuccess and onFail.',
] as const satisfies readonly string[];
