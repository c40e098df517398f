// Signs a URL and shows the reply, the string that was signed, or why it was refused.
import { ask } from './ask.js';
import { byId, copyButton, make, setText } from './dom.js';

/** Stands for the ticket, which never leaves the service. */
const MASK = '••••';

/** `setApps(names)` offers a choice when there is one. */
export function createSignForm(language) {
  const { t, clockTime, errorsPath } = language;
  const [form, field, choice, select, thisPage, summary, details] = [
    'sign',
    'page-url',
    'app-choice',
    'app',
    'this-page',
    'sign-summary',
    'sign-details',
  ].map(byId);
  /** The last answer; undefined before the first. */
  let answer;
  /** Counts the requests, so that a slow answer does not replace a later one. */
  let asked = 0;

  const ownUrl = () => location.href.replace(/#.*$/s, '');

  async function sign() {
    asked += 1;
    const mine = asked;
    setText(summary, t('signing'));
    const app = choice.hidden ? '' : `&app=${encodeURIComponent(select.value)}`;
    const received = await ask(`config?url=${encodeURIComponent(field.value)}${app}`);
    if (mine !== asked) return;
    answer = received;
    render();
  }

  function render() {
    if (!answer) return;
    const { status, body } = answer;
    if (status === 200 && body?.signature) showSigned(body);
    else if (status === 0) showRefusal(t('unreachable'), t('unreachableNote'));
    else if (body?.code) showRefusal(body.code, body.detail);
    else showRefusal(t('refused'), t('replyUnreadable', { status }));
  }

  function showSigned(body) {
    const { appId, timestamp, nonceStr, url } = body;
    summary.replaceChildren(
      make('p', { className: 'verdict', textContent: t('signed', { appId }) }),
      make('p', { className: 'note', textContent: t('signedAt', { time: clockTime(timestamp) }) }),
    );
    summary.firstChild.dataset.tone = 'good';
    const signedString = `jsapi_ticket=${MASK}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
    details.replaceChildren(
      ...block(t('reply'), JSON.stringify(body, null, 2)),
      ...block(t('signedString'), signedString),
      make('p', { className: 'note', textContent: t('signedStringNote') }),
    );
  }

  function block(heading, text) {
    return [
      make(
        'div',
        { className: 'block-head' },
        make('h3', { textContent: heading }),
        copyButton(language, heading, text),
      ),
      make('pre', {}, make('code', { textContent: text })),
    ];
  }

  function showRefusal(heading, text) {
    const { code } = answer.body ?? {};
    const link = code && make('a', { href: errorsPath(code), textContent: t('aboutCode', { code }) });
    summary.replaceChildren(
      make('p', { className: 'verdict', textContent: heading }),
      make('p', { textContent: text }),
      ...(link ? [make('p', {}, link)] : []),
    );
    summary.firstChild.dataset.tone = 'bad';
    details.replaceChildren();
  }

  field.value = ownUrl();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void sign();
  });
  thisPage.addEventListener('click', () => {
    field.value = ownUrl();
    field.focus();
  });
  language.onChange(render);

  return {
    setApps(names) {
      choice.hidden = names.length < 2;
      if (names.join() === [...select.options].map(({ value }) => value).join()) return;
      select.replaceChildren(...names.map((name) => make('option', { value: name, textContent: name })));
    },
  };
}
