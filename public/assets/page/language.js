// The language of the page: the browser's, until the visitor chooses.
import { createStored } from './stored.js';
import { TEXTS } from './texts.js';

const chosen = createStored(() => localStorage, 'language');

/** The first of the visitor's languages that there are texts for, else English. */
function preferred() {
  const wanted = [chosen.get(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wanted.find((language) => language in TEXTS) ?? 'en';
}

/**
 * `t(name, values)` returns a text in the current language, `duration(seconds)` a length of time, `clockTime(ms)` a time of day,
 * `bytes(count)` a size, `errorsPath(code)` the page of the errors. `toggle()` changes to the other language, fills every
 * `data-text` element and calls the listeners.
 */
export function createLanguage() {
  let language = preferred();
  const listeners = [];

  const t = (name, values = {}) => TEXTS[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function unit(name, value, unitDisplay = 'short') {
    return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay }).format(value);
  }

  /** With its language: the browser's own may be another. */
  const errorsPath = (code) => `errors?lang=${language}${code ? `#${code}` : ''}`;

  function duration(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const minutes = Math.floor(whole / 60);
    const parts = [];
    if (minutes >= 60) parts.push(unit('hour', Math.floor(minutes / 60)));
    if (minutes > 0) parts.push(unit('minute', minutes % 60));
    // Seconds matter when a renewal is near, and are noise before: ten minutes.
    if (minutes < 10) parts.push(unit('second', whole % 60));
    return new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }).format(parts);
  }

  function apply() {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = t('title');
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = t(element.dataset.text);
    }
    document.getElementById('errors-link').href = errorsPath();
    for (const listener of listeners) listener();
  }

  return {
    t,
    duration,
    // In words: "1 byte", "2 bytes".
    bytes: (count) => unit('byte', count, 'long'),
    errorsPath,
    clockTime: (ms) => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(ms),
    get current() {
      return language;
    },
    apply,
    toggle() {
      language = language === 'zh' ? 'en' : 'zh';
      chosen.set(language);
      apply();
    },
    onChange: (listener) => listeners.push(listener),
  };
}
