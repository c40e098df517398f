// One app's ticket: how much of its life is left, when it is renewed, and what went wrong last.
import { make, setText } from './dom.js';

/** What the state is called, and how alarming it is. */
const STATES = {
  empty: { text: 'stateEmpty', tone: 'bad' },
  fresh: { text: 'stateFresh', tone: 'good' },
  renewing: { text: 'stateRenewing', tone: 'warn' },
  expired: { text: 'stateExpired', tone: 'bad' },
};

/** Whether an entry of `/admin/apps` has a ticket to sign with. */
export const canSign = ({ state }) => state === 'fresh' || state === 'renewing';

/** What people call the app. */
export const nameOf = ({ alias, appId }) => alias ?? appId;

/** A list item; `show(entry, ageSeconds)` fills it with an entry that was true `ageSeconds` ago. */
export function createTicketRow({ t, duration, clockTime }) {
  const name = make('strong');
  const state = make('span', { className: 'chip' });
  const left = make('div', { className: 'left' });
  const mark = make('div', { className: 'mark' });
  const bar = make('div', { className: 'life' }, left, mark);
  bar.setAttribute('role', 'meter');
  // Each time with what it looks like in the bar.
  const leftText = make('span', { className: 'key-left' });
  const nextText = make('span', { className: 'key-mark' });
  const times = make('p', { className: 'times' }, leftText, ' ', nextText);
  const facts = make('dl', { className: 'facts' });
  const item = make('li', {}, make('div', { className: 'ticket-head' }, name, state), bar, times, facts);

  function show(entry, ageSeconds) {
    const { text, tone } = STATES[entry.state];
    setText(name, nameOf(entry));
    setText(state, t(text));
    state.dataset.tone = tone;
    const leftSeconds = Math.max(0, (entry.expiresInSeconds ?? 0) - ageSeconds);
    const renewsInSeconds = Math.max(0, (entry.renewsInSeconds ?? 0) - ageSeconds);
    showBar(entry, leftSeconds);
    showTimes(entry, leftSeconds, renewsInSeconds);
    showFacts(entry);
  }

  function showTimes(entry, leftSeconds, renewsInSeconds) {
    setText(leftText, canSign(entry) ? t('left', { time: duration(leftSeconds) }) : t('noneLeft'));
    nextText.hidden = entry.renewsInSeconds == null;
    const next = entry.state === 'fresh' ? 'nextRenewal' : 'nextAttempt';
    if (!nextText.hidden) setText(nextText, t(next, { time: duration(renewsInSeconds) }));
    leftText.dataset.tone = bar.hidden ? 'none' : left.dataset.tone;
    nextText.dataset.tone = bar.hidden || mark.hidden ? 'none' : 'mark';
  }

  function showBar(entry, leftSeconds) {
    const { lifeSeconds, expiresInSeconds, renewsInSeconds } = entry;
    bar.hidden = !lifeSeconds || !canSign(entry);
    if (bar.hidden) return;
    const percent = (seconds) => `${Math.min(100, Math.max(0, (100 * seconds) / lifeSeconds))}%`;
    left.style.inlineSize = percent(leftSeconds);
    left.dataset.tone = STATES[entry.state].tone;
    // The bar shrinks towards the mark; where they meet, the ticket is renewed.
    mark.hidden = renewsInSeconds == null || entry.state !== 'fresh';
    if (!mark.hidden) mark.style.insetInlineStart = percent(expiresInSeconds - renewsInSeconds);
    bar.setAttribute('aria-label', t('ticketLife', { app: nameOf(entry) }));
    bar.setAttribute('aria-valuemin', 0);
    bar.setAttribute('aria-valuemax', lifeSeconds);
    bar.setAttribute('aria-valuenow', Math.min(lifeSeconds, Math.round(leftSeconds)));
    bar.setAttribute('aria-valuetext', t('left', { time: duration(leftSeconds) }));
  }

  function showFacts({ alias, appId, fingerprint, lastFailure }) {
    const rows = [];
    if (alias) rows.push(['App ID', make('code', { textContent: appId })]);
    if (fingerprint) rows.push([t('fingerprint'), make('code', { textContent: fingerprint })]);
    if (lastFailure) rows.push([t('lastFailure'), describeFailure(lastFailure)]);
    // Only when something changed: replacing an element drops the selection in it.
    const shown = rows.map(([term, value]) => `${term} ${value.textContent ?? value}`).join('\n');
    if (shown === facts.dataset.shown) return;
    facts.dataset.shown = shown;
    facts.replaceChildren(
      ...rows.map(([term, value]) =>
        make('div', {}, make('dt', { textContent: term }), make('dd', {}, value)),
      ),
    );
  }

  function describeFailure({ code, reason, message, at }) {
    return [clockTime(Date.parse(at)), code ?? reason, message].filter(Boolean).join(' · ');
  }

  return { item, show };
}
