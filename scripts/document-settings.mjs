// `node scripts/document-settings.mjs`: writes the tables of variables in both READMEs, and .env.example, from src/config/settings.ts.
// With `--check` it writes nothing, and fails when one of them differs. A test runs it so.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatText } from './format-text.mjs';
import { loadTypeScript } from './run-typescript.mjs';

const root = new URL('..', import.meta.url);
const { SETTINGS, settingsSchema } = loadTypeScript('src/config/settings.ts');
const { shape } = settingsSchema(() => undefined, String);

/** `required`, the default as a variable would have it, or undefined for none. */
function defaultOf(name) {
  const { schema, shown } = SETTINGS[name];
  if (shown !== undefined || schema === undefined) return shown;
  const { success, data } = shape[name].safeParse(undefined);
  if (!success) return 'required';
  if (typeof data === 'boolean') return data ? 'on' : 'off';
  return typeof data === 'number' || (typeof data === 'string' && data !== '') ? String(data) : undefined;
}

const WORDS = {
  en: { head: ['variable', 'default', 'meaning'], required: 'required' },
  zh: { head: ['变量', '默认值', '含义'], required: '必填' },
};

function renderTable(language) {
  const { head, required } = WORDS[language];
  const rows = Object.entries(SETTINGS).map(([name, setting]) => {
    const value = defaultOf(name);
    const shown = value === undefined ? '–' : value === 'required' ? required : `\`${value}\``;
    return `| \`${name}\` | ${shown} | ${setting[language]} |`;
  });
  return [`| ${head.join(' | ')} |`, '| --- | --- | --- |', ...rows].join('\n');
}

/** The table whose first cell is `variable`, replaced. */
function replaceTable(markdown, language) {
  const table = new RegExp(`^\\| ${WORDS[language].head[0]} .*\\n(?:\\|.*\\n)+`, 'm');
  if (!table.test(markdown))
    throw new Error(`README has no table that begins with ${WORDS[language].head[0]}`);
  return markdown.replace(table, () => `${renderTable(language)}\n`);
}

const LINE_LENGTH = 120;

/** Markdown as lines of a comment. */
function comment(markdown) {
  const text = markdown
    .replace(/\[([^\]]+)\]\(#[^)]*\)/g, '"$1" in README')
    .replace(/\[([^\]]+)\]\(([^)#]*)[^)]*\)/g, '$1 ($2)')
    .replaceAll('`', '');
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== '' && last.length + word.length + 3 > LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
}

function renderExample() {
  const settings = Object.entries(SETTINGS).map(([name, { en, example }]) => {
    const sentence = /^[a-z]/.test(en) ? en[0].toUpperCase() + en.slice(1) : en;
    const line = `${name}=${example}`;
    return `${comment(`${sentence}.`)}\n${defaultOf(name) === 'required' ? line : `#${line}`}`;
  });
  return [
    '# Copy this file to .env and fill in what is required; the rest shows defaults or examples. The real environment wins over this file.',
    ...settings,
  ].join('\n\n');
}

const written = {
  'README.md': (text) => formatText('README.md', replaceTable(text, 'en')),
  'README.zh-CN.md': (text) => formatText('README.zh-CN.md', replaceTable(text, 'zh')),
  '.env.example': () => `${renderExample()}\n`,
};
for (const [path, render] of Object.entries(written)) {
  const file = new URL(path, root);
  const before = readFileSync(file, 'utf8');
  const after = await render(before);
  if (after === before) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(
      `${path} differs from src/config/settings.ts: run node scripts/document-settings.mjs\n`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
  }
}
