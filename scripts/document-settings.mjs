// `node scripts/document-settings.mjs`: writes the tables of variables in docs/configuration.md and README, in both languages, and .env.example, from src/config/settings.ts.
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

/** What README shows: a dozen, for a first deployment. */
const COMMON = [
  ...['LARK_APP_ID', 'LARK_APP_SECRET', 'LARK_APPS_FILE', 'ALLOWED_ORIGINS', 'LARK_DOMAIN', 'PUBLIC_PAGE'],
  ...['ADMIN_TOKEN', 'HOST', 'PORT', 'BASE_PATH', 'TRUST_PROXY', 'TICKET_STORE'],
];

/** Links of `markdown` as from another folder, from which `docs/` is `prefix`. */
const relink = (markdown, prefix) => markdown.replace(/\]\((?!https?:|#)/g, `](${prefix}`);

function renderTable(language, names, prefix) {
  const { head, required } = WORDS[language];
  const rows = names.map((name) => {
    const value = defaultOf(name);
    const shown = value === undefined ? '–' : value === 'required' ? required : `\`${value}\``;
    return `| \`${name}\` | ${shown} | ${relink(SETTINGS[name][language], prefix)} |`;
  });
  return [`| ${head.join(' | ')} |`, '| --- | --- | --- |', ...rows].join('\n');
}

/** `markdown` with its table of variables replaced by `rendered`, whose head says which one that is. */
function replaceTable(markdown, rendered) {
  const head = rendered.slice(0, rendered.indexOf(' ', 2));
  const table = new RegExp(`^\\${head} .*\\n(?:\\|.*\\n)+`, 'm');
  if (!table.test(markdown)) throw new Error(`no table begins with "${head}"`);
  return markdown.replace(table, () => `${rendered}\n`);
}

const LINE_LENGTH = 120;

/** Markdown as lines of a comment. */
function comment(markdown) {
  const text = markdown.replace(/\[([^\]]+)\]\(([^)#]*)[^)]*\)/g, '$1 (docs/$2)').replaceAll('`', '');
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

const all = Object.keys(SETTINGS);
const tables = {
  'docs/configuration.md': renderTable('en', all, ''),
  'docs/configuration.zh-CN.md': renderTable('zh', all, ''),
  'README.md': renderTable('en', COMMON, 'docs/'),
  'README.zh-CN.md': renderTable('zh', COMMON, 'docs/'),
};
for (const path of [...Object.keys(tables), '.env.example']) {
  const file = new URL(path, root);
  const before = readFileSync(file, 'utf8');
  const after =
    path in tables ? await formatText(path, replaceTable(before, tables[path])) : `${renderExample()}\n`;
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
