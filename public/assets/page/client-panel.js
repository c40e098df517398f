// Has this page authorised by the client it is open in, and calls a few JSAPIs; outside of it, says how to get there.
import { byId, copyButton, make, setText, setVerdict } from './dom.js';
import { findClient } from './find-client.js';

/** One that only reads, one that asks for a permission, one that opens the camera, one that takes a value. */
const APIS = [
  { name: 'getSystemInfo', parameters: {} },
  { name: 'getLocation', parameters: {} },
  { name: 'scanCode', parameters: { scanType: ['qrCode', 'barCode'] } },
  { name: 'setClipboardData', parameters: { data: location.href.split('#')[0] } },
];

/** Documented for Feishu; that Lark takes the same path is an assumption, its other AppLinks do. */
const APP_LINK_HOSTS = {
  openInFeishu: 'https://applink.feishu.cn',
  openInLark: 'https://applink.larksuite.com',
};

/** The documented AppLink for a page at any address; `mode` is required. */
const appLink = (host) => `${host}/client/web_url/open?mode=window&url=${encodeURIComponent(location.href)}`;

export function createClientPanel(language) {
  const { t } = language;
  const [verdict, note, why, authoriseButton, apis, appLinks] = [
    'client-verdict',
    'client-note',
    'why-refused',
    'authorise',
    'apis',
    'app-links',
  ].map(byId);
  /** `lark`, `simulated`, `outside`; undefined while looking. */
  let client;
  let lark;
  /** What came of it: `{ appId }`, or the LarkJsapiError. */
  let outcome;
  let say = () => setVerdict(verdict, note, 'neutral', t('looking'));

  async function start() {
    client = await findClient();
    if (client === 'outside') say = sayOutside;
    else if (!window.LarkJsapi)
      say = () => setVerdict(verdict, note, 'bad', t('helperMissing'), t('helperMissingNote'));
    else return authorise();
    say();
  }

  async function authorise() {
    lark = window.LarkJsapi.create({ jsApiList: APIS.map(({ name }) => name) });
    authoriseButton.hidden = true;
    why.hidden = true;
    say = () => setVerdict(verdict, note, 'neutral', t('authorising'));
    say();
    try {
      outcome = await lark.ready();
      say = sayAuthorised;
    } catch (error) {
      outcome = error;
      say = sayRefused;
    }
    say();
  }

  function sayAuthorised() {
    const heading = client === 'simulated' ? 'authorisedSimulated' : 'authorised';
    setVerdict(verdict, note, 'good', t(heading), t('authorisedNote', { appId: outcome.appId }));
    apis.hidden = false;
    if (apis.childElementCount === 0) apis.append(...APIS.map(createApiRow));
  }

  function sayRefused() {
    setVerdict(verdict, note, 'bad', t('refusedByClient'), describe(outcome));
    authoriseButton.hidden = false;
    // The helper's link leads to this page's own explanation, filled in.
    why.hidden = outcome.explainUrl === undefined;
    if (!why.hidden) why.href = outcome.explainUrl;
  }

  function sayOutside() {
    setVerdict(verdict, note, 'neutral', t('outside'), t('outsideNote'));
    appLinks.hidden = false;
    appLinks.replaceChildren(
      ...Object.entries(APP_LINK_HOSTS).map(([name, host]) => {
        const link = appLink(host);
        const heading = t(name);
        return make(
          'div',
          {},
          make('dt', {}, heading, copyButton(language, heading, link)),
          make('dd', {}, make('a', { href: link, textContent: link })),
        );
      }),
    );
  }

  function createApiRow({ name, parameters }) {
    const output = make('output', { hidden: true });
    const button = make('button', { type: 'button', className: 'quiet' });
    const label = () => {
      button.textContent = t('call');
      button.setAttribute('aria-label', t('callNamed', { name }));
    };
    label();
    language.onChange(label);
    button.addEventListener('click', async () => {
      const show = (tone, text) => {
        output.hidden = false;
        output.dataset.tone = tone;
        setText(output, text);
      };
      show('neutral', t('calling'));
      try {
        const result = await lark.call(name, parameters);
        show('good', result === undefined ? t('callDone') : JSON.stringify(result, null, 2));
      } catch (error) {
        show('bad', describe(error));
      }
    });
    return make('li', {}, make('code', { textContent: name }), button, output);
  }

  authoriseButton.addEventListener('click', () => void authorise());
  language.onChange(() => say());
  void start();
}

/** Code, words and cure, on a line each. */
function describe(error) {
  const { code, problem, detail, advice } = error;
  return [code ?? problem, detail, advice].filter(Boolean).join('\n') || String(error);
}
