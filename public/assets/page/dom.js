// Small helpers over the DOM. Text only ever becomes text: nothing here parses HTML.

/** A copy's confirmation is read in this time. */
const CONFIRMED_FOR_MS = 2_000;

export const byId = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Sets the text when it differs: a live region speaks, and a selection dies, at every change. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A verdict and its note; `tone` is good, warn, bad or neutral. */
export function setVerdict(verdict, note, tone, text, noteText = '') {
  verdict.dataset.tone = tone;
  setText(verdict, text);
  setText(note, noteText);
}

/** A button that copies `text`, named after `what` for those who do not see where it stands. */
export function copyButton({ t }, what, text) {
  const button = make('button', { type: 'button', className: 'quiet copy', textContent: t('copy') });
  button.setAttribute('aria-label', `${t('copy')}: ${what}`);
  button.addEventListener('click', async () => {
    const said = (await copy(text)) ? t('copied') : t('copyFailed');
    button.textContent = said;
    byId('announcer').textContent = said;
    setTimeout(() => {
      button.textContent = t('copy');
      byId('announcer').textContent = '';
    }, CONFIRMED_FOR_MS);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyFromField(text);
  }
}

/** On plain http there is no clipboard API; the older way copies what is selected in a field. */
function copyFromField(text) {
  const focused = document.activeElement;
  const field = make('textarea', { className: 'announcer', value: text });
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return copied;
}
