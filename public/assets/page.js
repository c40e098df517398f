// The page people look at: can the service sign, does this client accept it, what is signed for a URL, why was it refused, and does the client do what is assumed.
import { createClientPanel } from './page/client-panel.js';
import { byId } from './page/dom.js';
import { createExplainPanel } from './page/explain-panel.js';
import { createLanguage } from './page/language.js';
import { createReportPanel } from './page/report-panel.js';
import { createServicePanel } from './page/service-panel.js';
import { createSignForm } from './page/sign-form.js';
import { createTabs } from './page/tabs.js';
import { nameOf } from './page/ticket-row.js';

const language = createLanguage();
const selectTab = createTabs();
const { followLink, setAppId } = createExplainPanel(language, () => selectTab('tab-explain'));
const { setApps } = createSignForm(language);
createServicePanel(language, (entries) => {
  setApps(entries.map(nameOf));
  setAppId(entries[0]?.appId);
});
const { resume } = createReportPanel(language, () => selectTab('tab-report'));
const clientPanel = () => createClientPanel(language);
if (resume) void resume().then(clientPanel);
else clientPanel();

const languageButton = byId('language');
language.onChange(() => {
  // Named in the language it leads to, for those who cannot read the other one.
  const isChinese = language.current === 'zh';
  languageButton.textContent = isChinese ? 'English' : '中文';
  languageButton.lang = isChinese ? 'en' : 'zh';
});
languageButton.addEventListener('click', () => language.toggle());
language.apply();
followLink();
