// The field report's run in a client: puts every question of the table, and describes the answers without any value of theirs.
import { ask } from './ask.js';
import { CLIENT_ROWS, describeForm, describeRefusal } from './field-report.js';
import { loadSdk } from './find-client.js';

/** As long as the helper waits for it. */
const READY_LIMIT_MS = 3_000;
/** The client asks the platform, over the network of a phone. */
const ANSWER_LIMIT_MS = 6_000;
/** Callbacks of one failure come one right after the other. */
const NEXT_CALLBACK_MS = 500;

/** A JSAPI that shows nothing, asks for no permission and has both names; another one; and one that no client has. */
const PLAIN = 'getNetworkType';
const DOTTED = 'device.connection.getNetworkType';
const OTHER = 'getSystemInfo';
const UNKNOWN = 'larkJsapiSignerUnknown';
const NO_APP = 'cli_0000000000000000';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What `start` hands to its argument; `no answer` after the limit, `throws` where it throws. */
async function answerTo(start, limitMs = ANSWER_LIMIT_MS) {
  const answered = new Promise((resolve) => {
    try {
      start(resolve);
    } catch {
      resolve('throws');
    }
  });
  return Promise.race([answered, sleep(limitMs).then(() => 'no answer')]);
}

/** `accepted`, `refused <code>`, or why there is no answer; `onCallback` is called with the name of each callback, and the failure. */
function configure(parameters, onCallback = () => {}) {
  return answerTo((resolve) => {
    window.h5sdk.config({
      ...parameters,
      onSuccess() {
        onCallback('onSuccess');
        resolve('accepted');
      },
      onFail(failure) {
        onCallback('onFail', failure);
        resolve(describeRefusal(failure));
      },
    });
  });
}

const fold = (names) => names.reduce((owner, name) => owner?.[name], window);
const plainOwner = () => fold(['tt']);
const dottedOwner = () => fold(['h5sdk', ...DOTTED.split('.').slice(0, -1)]);

/** `allowed`, `refused <code>`, `missing`, or why there is no answer. */
function callJsapi(owner, onCallback = () => {}) {
  if (typeof owner?.[PLAIN] !== 'function') return 'missing';
  return answerTo((resolve) => {
    const on = (name, answer) => (given) => {
      onCallback(name);
      const outcome = answer(given);
      if (outcome) resolve(outcome);
    };
    const allowed = () => 'allowed';
    const refused = (failure) => describeRefusal(failure, false);
    owner[PLAIN]({
      ...{ success: on('success', allowed), fail: on('fail', refused), complete: on('complete', () => '') },
      ...{ onSuccess: on('onSuccess', allowed), onFail: on('onFail', refused) },
    });
  });
}

/** The names of the callbacks of one call, in their order. */
async function callbacksOf(owner) {
  const names = [];
  const outcome = await callJsapi(owner, (name) => names.push(name));
  await sleep(NEXT_CALLBACK_MS);
  return names.join(', ') || outcome;
}

/** A signature of the page where it is now. Throws the service's code, which is shown in place of an answer. */
async function sign(app) {
  const url = encodeURIComponent(location.href.replace(/#.*$/s, ''));
  const { status, body } = await ask(`config?url=${url}${app && `&app=${encodeURIComponent(app)}`}`);
  if (status !== 200 || !body?.signature) throw new Error(`no signature: ${body?.code ?? `HTTP ${status}`}`);
  const { appId, timestamp, nonceStr, signature } = body;
  return { appId, timestamp, nonceStr, signature, jsApiList: [PLAIN] };
}

const withChangedSignature = ({ signature, ...config }) => ({
  ...config,
  signature: signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
});
const withStringTimestamp = (config) => ({ ...config, timestamp: String(config.timestamp) });
const withNames = (jsApiList) => (config) => ({ ...config, jsApiList });

/** One config for each of `changes`, in the same task as the SDK, so that nothing has fired before; their outcomes in that order. */
async function configureBeforeReady(app, changes) {
  const configs = [];
  for (const change of changes) configs.push(change(await sign(app)));
  await requireSdk();
  const outcomes = await Promise.all(configs.map((config) => configure(config)));
  return outcomes.join('; ');
}

async function requireSdk() {
  if (!(await loadSdk())) throw new Error('the H5 SDK cannot be loaded');
}

/** Waits for a step back in the history. */
async function goBack() {
  await answerTo((resolve) => {
    const onPop = () => {
      removeEventListener('popstate', onPop);
      resolve('back');
    };
    addEventListener('popstate', onPop);
    history.back();
  }, NEXT_CALLBACK_MS);
}

/** The other questions, by the rows of the table. Each is asked when those above it have been answered. */
function createQuestions(app) {
  const signed = (changes = {}) => sign(app).then((config) => ({ ...config, ...changes }));
  let failed = [];
  let failure;
  let accepted;
  const onCallback = (name, given) => {
    failed.push(name);
    failure = given;
  };

  async function tryNames(jsApiList) {
    accepted = await signed({ jsApiList });
    const outcome = await configure(accepted);
    if (outcome !== 'accepted') return outcome;
    const plain = await callJsapi(plainOwner());
    return `accepted; plain call ${plain}; dotted call ${await callJsapi(dottedOwner())}`;
  }

  return {
    async readyAlone() {
      const fired = await answerTo((resolve) => window.h5sdk.ready(() => resolve('fires')), READY_LIMIT_MS);
      return fired === 'no answer' ? 'does not fire' : fired;
    },
    async changedSignature() {
      window.h5sdk.error?.(() => failed.push('h5sdk.error'));
      const changed = withChangedSignature(await signed());
      failed = [];
      const outcome = await configure(changed, onCallback);
      await sleep(NEXT_CALLBACK_MS);
      return outcome;
    },
    failureForm: () => failed.includes('onFail') && describeForm(failure),
    errorCallback: () => failed.join(', ') || 'none',
    stringTimestamp: async () => configure(withStringTimestamp(await signed())),
    missingArgument: async () => configure(await signed({ nonceStr: undefined })),
    otherApp: async () => configure(await signed({ appId: NO_APP })),
    unlistedName: () => tryNames([OTHER]),
    dottedName: () => tryNames([DOTTED]),
    prefixedName: () => tryNames([`tt.${PLAIN}`]),
    plainName: () => tryNames([PLAIN]),
    reusedSignature: () => configure(accepted),
    unknownName: () => tryNames([PLAIN, UNKNOWN]),
    emptyList: () => tryNames([]),
    async callbackNames() {
      const plain = await callbacksOf(plainOwner());
      return `plain call ${plain}; dotted call ${await callbacksOf(dottedOwner())}`;
    },
    otherKeys: async () => configure(await signed({ url: 'https://example.com/', larkJsapiSigner: true })),
    async checkedUrl() {
      const [page, fragment = ''] = location.href.split(/(?=#)/);
      history.pushState(history.state, '', `${page}${page.includes('?') ? '&' : '?'}report=1${fragment}`);
      try {
        return await configure(await signed());
      } finally {
        await goBack();
      }
    },
  };
}

/** The observations of every other question, by their rows. A question that cannot be put has none. */
async function askAfterReady(app) {
  await requireSdk();
  const questions = createQuestions(app);
  const observations = {};
  for (const { id } of CLIENT_ROWS) {
    try {
      const observed = await questions[id]?.();
      if (observed) observations[id] = { observed };
    } catch (error) {
      // The service's own words: it has no signature for the question.
      observations[id] = { observed: null, detail: error.message };
    }
  }
  return observations;
}

/** A run: in each load of the page one of these, with the app's name or an empty one. They resolve with observations, by rows. */
export const LOADS = [
  async (app) => ({ configBeforeReady: { observed: await configureBeforeReady(app, [(config) => config]) } }),
  async (app) => {
    const names = [[PLAIN, UNKNOWN], [DOTTED], [`tt.${PLAIN}`], []].map(withNames);
    const changes = [withChangedSignature, withStringTimestamp, ...names];
    return { othersBeforeReady: { observed: await configureBeforeReady(app, changes) } };
  },
  askAfterReady,
];
