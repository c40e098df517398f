// Asks the service why the client refused a signature, and shows its answer. Nothing is sent before the button is pressed.
import { adminToken } from './admin-token.js';
import { ask } from './ask.js';
import { byId, make, setText } from './dom.js';
import { exampleRefusal } from './explain-example.js';
import { takeExplainLink } from './explain-link.js';
import { findingsOf, verdictOf } from './explanation-view.js';

/** What the page says of answers by their status, where it knows more than the answer's own words. */
const REFUSALS = { 0: 'unreachableNote', 401: 'explainUnauthorised', 404: 'explainNowhere' };
/** As much as the service takes. */
const LONGEST_PASTED = 16_384;
/** Fields whose every character is looked into; at the ends of the others a space comes from copying. */
const AS_THEY_ARE = ['pasted', 'url'];

/**
 * `open()` shows the panel. `followLink()` follows a link to it, when the page's address is one; `setAppId(appId)` names an app
 * for the example.
 */
export function createExplainPanel(language, open) {
  const { t } = language;
  const [form, pasted, missing, example, details, tokenField, token, summary, findings] = [
    'explain-form',
    'explain-pasted',
    'explain-missing',
    'explain-example',
    'explain-details',
    'explain-token-field',
    'explain-token',
    'explain-summary',
    'explain-findings',
  ].map(byId);
  /** Counts the questions, so that a slow answer does not replace a later one. */
  let asked = 0;
  let show = () => showNote('explanationEmpty');
  let exampleAppId;
  let isMissing = false;

  function say(next) {
    show = next;
    findings.replaceChildren();
    show();
  }

  async function explain() {
    const question = questionOf(form);
    sayMissing(Object.keys(question).length === 0);
    if (isMissing) {
      pasted.focus();
      return;
    }
    asked += 1;
    const mine = asked;
    say(() => showNote('explaining'));
    // The one entered here is kept nowhere; the one of the service's panel serves too.
    const bearer = token.value || adminToken.get();
    const answer = await ask('explain', bearer ? { Authorization: `Bearer ${bearer}` } : {}, question);
    if (mine !== asked) return;
    const { status, body } = answer;
    if (status === 200 && body?.findings) say(() => showExplanation(body));
    else say(() => showRefusal(answer, bearer !== undefined));
    // On a phone it stands below the form.
    byId('explanation-heading').scrollIntoView({ block: 'nearest' });
    if (status !== 401) return;
    tokenField.hidden = false;
    token.focus();
  }

  function sayMissing(isSo) {
    isMissing = isSo;
    pasted.setAttribute('aria-invalid', isSo);
    setText(missing, isSo ? t('explainMissing') : '');
  }

  function showNote(name) {
    summary.replaceChildren(make('p', { className: 'note', textContent: t(name) }));
  }

  function showExplanation(explanation) {
    summary.replaceChildren(...verdictOf(language, explanation));
    findings.replaceChildren(...findingsOf(language, explanation));
  }

  function showRefusal({ status, body }, hadToken) {
    const name = status === 401 && hadToken ? 'adminRefused' : REFUSALS[status];
    const words = name ? t(name) : (body?.detail ?? t('replyUnreadable', { status }));
    const heading = make('p', { className: 'verdict', textContent: t('notExplained') });
    heading.dataset.tone = 'bad';
    summary.replaceChildren(heading, make('p', { textContent: words }));
  }

  function followLink() {
    const link = takeExplainLink();
    if (!link) return;
    open();
    const { errorText: words = '', ...rest } = link;
    const fields = Object.entries({ pasted: words, ...rest }).filter(([, value]) => value !== '');
    // A link without facts leaves what was entered.
    if (fields.length === 0) return;
    fill(Object.fromEntries(fields), 'explainFilled');
    details.open = Object.keys(rest).length > 0;
  }

  /** Replaces what was entered; a slow answer to it is not shown. */
  function fill(values, note) {
    // The token's field has no name: it stays.
    for (const field of form.elements) if (field.name) field.value = values[field.name] ?? '';
    sayMissing(false);
    asked += 1;
    say(() => showNote(note));
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void explain();
  });
  form.addEventListener('input', () => sayMissing(false));
  example.addEventListener('click', () => {
    fill({ pasted: exampleRefusal(exampleAppId, Date.now()) }, 'explainExampleLoaded');
  });
  pasted.addEventListener('input', () => {
    pasted.setCustomValidity(pasted.value.length > LONGEST_PASTED ? t('pastedTooLong') : '');
  });
  addEventListener('hashchange', followLink);
  language.onChange(() => {
    show();
    sayMissing(isMissing);
  });
  return {
    followLink,
    setAppId(appId) {
      exampleAppId = appId;
    },
  };
}

/** What is filled in, by the names of the service, in its types. */
function questionOf(form) {
  const entries = [...new FormData(form)]
    .map(([name, value]) => [name, AS_THEY_ARE.includes(name) ? value : value.trim()])
    .filter(([, value]) => value.trim() !== '');
  return Object.fromEntries(entries.map(([name, value]) => [name, typed(name, value)]));
}

/** A timestamp's digits are the number; in quotation marks it is the string that the page handed to the client. */
function typed(name, value) {
  if (name === 'errorCode') return Number(value);
  if (name !== 'timestamp') return value;
  return /^\d+$/.test(value) ? Number(value) : value.replace(/^"(.*)"$/, '$1');
}
