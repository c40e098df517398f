// Runs the client report, over several loads of the page, and shows what came of it next to what the simulated client does.
import { LOADS } from './client-report.js';
import { byId, copyButton, make } from './dom.js';
import { CLIENT_ROWS, compareRows, countVerdicts, renderReport } from './field-report.js';
import { locateClient } from './find-client.js';
import { inWords } from './report-texts.js';
import { createStored } from './stored.js';

const TONES = { agrees: 'good', differs: 'warn', unseen: 'neutral' };

/** Android's user agents name Linux as well. */
const SYSTEMS = ['iPhone', 'iPad', 'Android', 'Windows', 'Macintosh', 'Linux'];

/** A run that goes on after a reload: the app's name, and the observations of the loads before. Holds no signature. */
const underWay = createStored(() => sessionStorage, 'client-report');

/**
 * `open()` shows the panel. Returns `{ resume }`: undefined, or, in a load that belongs to a run, a function that does this load's part;
 * nothing else may have used the SDK before.
 */
export function createReportPanel(language, open) {
  const { t } = language;
  const [button, choice, select, summary, results] = [
    'report-run',
    'app-choice',
    'app',
    'report-summary',
    'report-results',
  ].map(byId);
  let show = () => showNote('reportEmpty');

  function say(next) {
    show = next;
    results.replaceChildren();
    show();
  }

  function showNote(name) {
    summary.replaceChildren(make('p', { className: 'note', textContent: t(name) }));
  }

  async function start() {
    if ((await locateClient()) === 'outside') {
      say(() => showNote('reportOutside'));
      return;
    }
    underWay.set(JSON.stringify({ app: choice.hidden ? '' : select.value, load: 0 }));
    location.reload();
  }

  async function resume({ app, load, observations: before }) {
    button.disabled = true;
    open();
    say(() => showNote('reportRunning'));
    try {
      const observations = { ...before, ...(await LOADS[load](app)) };
      if (load + 1 < LOADS.length) {
        underWay.set(JSON.stringify({ app, load: load + 1, observations }));
        location.reload();
        // What comes after this load's part is for the next one.
        return await new Promise(() => {});
      }
      const client = await locateClient();
      const rows = compareRows(CLIENT_ROWS, observations);
      say(() => showRows(rows, renderReport(headingOf(client), 'client', rows)));
    } catch (error) {
      say(() => showFailure(error.message));
    } finally {
      button.disabled = false;
    }
    return undefined;
  }

  function showFailure(words) {
    const heading = make('p', { className: 'verdict', textContent: t('reportFailed') });
    heading.dataset.tone = 'bad';
    summary.replaceChildren(heading, make('p', { className: 'note', textContent: words }));
  }

  function showRows(rows, text) {
    const counts = countVerdicts(rows);
    const worst = counts.differs > 0 ? 'differs' : counts.unseen > 0 ? 'unseen' : 'agrees';
    const headings = { agrees: 'reportAgrees', differs: 'reportDiffers', unseen: 'reportUnseen' };
    const heading = make('p', { className: 'verdict', textContent: t(headings[worst]) });
    heading.dataset.tone = TONES[worst];
    summary.replaceChildren(
      heading,
      make('p', { className: 'note', textContent: t('reportCounts', counts) }),
      make('p', { className: 'note', textContent: t('reportSend') }),
    );
    results.replaceChildren(
      make('div', { className: 'actions' }, copyButton(language, t('reportText'), text)),
      make(
        'details',
        {},
        make('summary', { textContent: t('reportText') }),
        make('pre', {}, make('code', { textContent: text })),
      ),
      tableOf(rows),
    );
  }

  /** With its roles by name: on a phone the rows are laid out one cell below the other, and would lose them. */
  function tableOf(rows) {
    const columns = ['reportQuestion', 'reportClient', 'reportAssumed', 'reportVerdict'].map((name) =>
      t(name),
    );
    const element = (tag, role, properties, ...children) => {
      const made = make(tag, properties, ...children);
      made.setAttribute('role', role);
      return made;
    };
    const head = columns.map((name) => element('th', 'columnheader', { scope: 'col', textContent: name }));
    const body = rows.map(({ question, observed, assumed, detail, verdict }) => {
      const chip = make('span', { className: 'chip', textContent: t(`report_${verdict}`) });
      chip.dataset.tone = TONES[verdict];
      const answer = observed === null ? t('reportNotAsked') : inWords(observed, language.current);
      const cells = [
        detail === '' ? answer : `${answer} (${detail})`,
        inWords(assumed ?? '', language.current),
        chip,
      ].map((content) => element('td', 'cell', {}, content));
      for (const [index, cell] of cells.entries()) cell.dataset.label = columns[index + 1];
      const heading = element('th', 'rowheader', { scope: 'row', textContent: question[language.current] });
      return element('tr', 'row', {}, heading, ...cells);
    });
    return element(
      'table',
      'table',
      { className: 'report-rows' },
      element('thead', 'rowgroup', {}, element('tr', 'row', {}, ...head)),
      element('tbody', 'rowgroup', {}, ...body),
    );
  }

  button.addEventListener('click', () => void start());
  language.onChange(() => {
    results.replaceChildren();
    show();
  });
  const followLink = () => location.hash === '#report' && open();
  addEventListener('hashchange', followLink);
  followLink();

  const kept = underWay.get();
  // Before anything else: a run that breaks off is not begun again by the next load.
  underWay.set(undefined);
  return { resume: kept && (() => resume(JSON.parse(kept))) };
}

/** What the text says of where it comes from: the client's name and version, the system, and the day. */
function headingOf(client) {
  const { userAgent } = navigator;
  const versions =
    userAgent.match(/\b(?:(?:Lark|Feishu)\/\d[\d.]{0,19}|ChannelName\/(?:Lark|Feishu)\b)/g) ?? [];
  const system = SYSTEMS.find((name) => userAgent.includes(name)) ?? 'unknown system';
  const name = client === 'simulated' ? 'simulated' : versions.join(' ') || 'of unknown version';
  const day = new Date().toISOString().slice(0, 10);
  return [`Client report of lark-jsapi-signer, ${day}`, `Client: ${name}, ${system}`];
}
