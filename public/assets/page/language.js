// The language of the page: the browser's, until the visitor chooses.
/* global document, localStorage, navigator */
import { TEXTS } from './texts.js';

const KEY = 'language';

/** Storage throws where a browser forbids it; the page then forgets the choice, and that is all. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(language) {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Forgotten with the page.
  }
}

/** The first of the visitor's languages that there are texts for, else English. */
function preferred() {
  const wanted = [remembered(), ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return wanted.find((language) => language in TEXTS) ?? 'en';
}

/**
 * `t(name, values)` gives a text in the current language, `duration(seconds)` a length of time, `clockTime(ms)` a time of day.
 * `toggle()` changes to the other language, fills every `data-text` element and tells the listeners.
 */
export function createLanguage() {
  let language = preferred();
  const listeners = [];

  const t = (name, values = {}) => TEXTS[language][name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function unit(name, value) {
    return new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  }

  function duration(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole < 60) return unit('second', whole);
    const minutes = Math.floor(whole / 60);
    // Seconds matter when a renewal is near, and are noise before: ten minutes.
    if (minutes < 10) return `${unit('minute', minutes)} ${unit('second', whole % 60)}`;
    if (minutes < 60) return unit('minute', minutes);
    return `${unit('hour', Math.floor(minutes / 60))} ${unit('minute', minutes % 60)}`;
  }

  function apply() {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = t('title');
    for (const element of document.querySelectorAll('[data-text]')) {
      element.textContent = t(element.dataset.text);
    }
    for (const listener of listeners) listener();
  }

  return {
    t,
    duration,
    clockTime: (ms) => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(ms),
    get current() {
      return language;
    },
    apply,
    toggle() {
      language = language === 'zh' ? 'en' : 'zh';
      remember(language);
      apply();
    },
    onChange: (listener) => listeners.push(listener),
  };
}
