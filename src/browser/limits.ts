// How long the helper waits for what, and how often it tries. In a file that imports nothing, the bundler puts each number where it is used.

/** A script of some 100 KB on a slow phone connection; after this time the next address is tried. */
export const SCRIPT_LIMIT_MS = 8_000;
/** The client asks its server; when it never calls back, a longer wait was never seen to help. */
export const CONFIG_LIMIT_MS = 10_000;
/** In a plain browser the SDK never answers; a simulator that answers does so sooner. */
export const OUTSIDE_LIMIT_MS = 1_000;
/** An SDK may ignore a config before it is initialised. One that says nothing of that is not waited for any longer. */
export const READY_LIMIT_MS = 3_000;
/** h5sdk.error does not say which config it means: onSuccess and onFail, which do, get this long to speak first. */
export const SDK_ERROR_GRACE_MS = 1_000;
/** The SDK may put its functions in place a moment after its script ran. */
export const APPEARS_WITHIN_MS = 2_000;
export const LOOK_EVERY_MS = 50;
/** A router's push and redirect come together; a person does not act on the new page sooner. */
export const NAVIGATION_SETTLES_MS = 100;
/** A page whose URL changed during each of this many authorisations will change it again. */
export const MAX_ROUNDS = 5;
/** A person may be looking for a code to scan. */
export const CALL_LIMIT_MS = 300_000;
/** The service waits up to 5 s for a ticket; 3 s more for the network. */
export const ATTEMPT_LIMIT_MS = 8_000;
/** One hiccup, and one more: past three a person has given up, and a later call starts afresh. */
export const ATTEMPTS = 3;
/** First pause; doubles. Long enough for a restarting container, short enough for a waiting person. */
export const PAUSE_MS = 500;
/** A longer Retry-After is not waited for: the caller gets the error with the seconds, and may retry. */
export const RETRY_AFTER_LIMIT_SECONDS = 5;
/** The page's own function may have retries of its own. */
export const OWN_REQUEST_LIMIT_MS = 30_000;
/** Common gateways take 8 KB for the request line; half of it leaves room for what they add. */
export const MAX_GET = 4_096;
/** The report makes the signer check its ticket; after a reply within this time the second signature uses a newer ticket. */
export const REPORT_LIMIT_MS = 1_000;
