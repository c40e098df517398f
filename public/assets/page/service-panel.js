// Whether the service can sign, and, for operators, how every app's ticket stands.
import { adminToken } from './admin-token.js';
import { ask } from './ask.js';
import { byId, setText, setVerdict } from './dom.js';
import { canSign, createTicketRow, nameOf } from './ticket-row.js';
import { whileVisible } from './while-visible.js';

/** A change is seen while one still looks, and a page left open costs two light requests each time. */
const REFRESH_MS = 5_000;
/** The times shown are whole seconds. */
const TICK_MS = 1_000;

/** `onApps` is called with the entries of the operator's list whenever it arrives. */
export function createServicePanel(language, onApps) {
  const { t } = language;
  const [verdict, note, tickets, form, field, formNote, forget] = [
    'verdict',
    'verdict-note',
    'tickets',
    'operator',
    'admin-token',
    'admin-note',
    'forget-token',
  ].map(byId);
  const rows = new Map();
  /** Status of the last readyz; undefined before the first. */
  let readyStatus;
  /** What the operator's endpoint said: status, entries, and when. */
  let operator = { status: undefined, entries: [], atMs: 0 };
  let isRefused = false;

  async function refresh() {
    const [ready] = await Promise.all([ask('readyz'), refreshTickets()]);
    readyStatus = ready.status;
    render();
  }

  async function refreshTickets() {
    // 404: there are no operator's endpoints here, and that does not change while the service runs.
    if (operator.status === 404) return;
    const token = adminToken.get();
    // 401 without a token: nothing to ask with until one is entered.
    if (operator.status === 401 && !token) return;
    const { status, body } = await ask('admin/apps', token ? { Authorization: `Bearer ${token}` } : {});
    if (status === 401 && token) {
      isRefused = true;
      adminToken.set(undefined);
    }
    if (status === 200 && body?.apps) {
      isRefused = false;
      operator = { status, entries: body.apps, atMs: performance.now() };
      onApps(operator.entries);
    } else if (status !== 0) {
      operator = { status, entries: [], atMs: 0 };
    }
  }

  function render() {
    renderVerdict();
    const { status, entries } = operator;
    form.hidden = status !== 401;
    forget.hidden = !adminToken.get() || status !== 200;
    setText(formNote, t(isRefused ? 'adminRefused' : 'adminNote'));
    formNote.dataset.tone = isRefused ? 'bad' : 'neutral';
    tickets.hidden = entries.length === 0;
    for (const [appId, row] of rows) {
      if (entries.some((entry) => entry.appId === appId)) continue;
      row.item.remove();
      rows.delete(appId);
    }
    for (const { appId } of entries) {
      if (rows.has(appId)) continue;
      const row = createTicketRow(language);
      rows.set(appId, row);
      tickets.append(row.item);
    }
    renderTimes();
  }

  function renderVerdict() {
    const { entries } = operator;
    const unable = entries.filter((entry) => !canSign(entry));
    const say = (tone, name, values) => setVerdict(verdict, note, tone, t(name), t(`${name}Note`, values));
    if (readyStatus === undefined) return;
    if (readyStatus === 0) say('bad', 'unreachable');
    else if (readyStatus !== 200) sayNotReady(unable);
    else if (unable.length === 0) say('good', 'ready');
    else if (unable.length === entries.length) say('bad', 'notSigning');
    else say('warn', 'partlyReady', { apps: unable.map(nameOf).join(', ') });
  }

  /** The platform's code, when an operator looks; what to check stands with the app's last failure. */
  function sayNotReady(unable) {
    const failed = unable.find(({ lastFailure }) => lastFailure);
    const code = failed?.lastFailure.code;
    const heading = code === undefined ? t('notReady') : t('notReadyCode', { code });
    setVerdict(
      verdict,
      note,
      'bad',
      heading,
      t(whyNotReady(unable, failed), { app: failed && nameOf(failed) }),
    );
  }

  function whyNotReady(unable, failed) {
    if (failed) return 'notReadyFailed';
    if (unable.length > 0) return 'notReadyFirst';
    if (operator.entries.length > 0) return 'notReadyEnding';
    return operator.status === 401 ? 'notReadyClosed' : 'notReadyLog';
  }

  function renderTimes() {
    const ageSeconds = (performance.now() - operator.atMs) / 1_000;
    for (const entry of operator.entries) rows.get(entry.appId)?.show(entry, ageSeconds);
  }

  const refreshNow = whileVisible(REFRESH_MS, refresh);
  setInterval(renderTimes, TICK_MS);
  language.onChange(render);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    adminToken.set(field.value);
    field.value = '';
    void refreshNow();
  });
  forget.addEventListener('click', () => {
    adminToken.set(undefined);
    operator = { status: undefined, entries: [], atMs: 0 };
    void refreshNow();
  });
}
