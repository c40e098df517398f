// Renders docs/errors.md and its Chinese version as the pages of `/errors`. Every link is relative, so that they work below any prefix.
import { Lexer, Parser, walkTokens } from 'marked';

/** What surrounds the text, and the language's tag. */
const WORDS = {
  en: { tag: 'en', name: 'English', contents: 'Contents', top: '↑ Top', home: '← JSAPI signer' },
  zh: { tag: 'zh-CN', name: '中文', contents: '目录', top: '↑ 顶部', home: '← JSAPI 签名服务' },
};

/** Without GFM, which makes a link of every URL in the text. */
const OPTIONS = { gfm: false };

/** Links within the pages, and to other sites over https. */
const LINK = /^(?:https:\/\/|#|\?lang=)/;

const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A heading's own text is its anchor, with what a fragment cannot hold left out: `## URL_MISSING` is `#URL_MISSING`. */
const anchorOf = ({ text }) => escapeHtml(text.replaceAll('`', '').trim().replace(/\s+/g, '-'));

const renderInline = ({ tokens }) => Parser.parseInline(tokens, OPTIONS);

/** The headings of the second level, each with those of the third below it, as lists of links. */
function renderContents(headings) {
  let list = '';
  let level = 2;
  for (const heading of headings) {
    if (heading.depth !== level) list += heading.depth === 2 ? '</ul>' : '<ul>';
    list += `<li><a href="#${anchorOf(heading)}">${renderInline(heading).replaceAll('_', '_<wbr>')}</a>`;
    level = heading.depth;
  }
  return `<ul>${list}${level === 3 ? '</ul>' : ''}</ul>`;
}

/** In a heading that is a code, which both languages have, the same code in the other language. */
function linkOther(anchor, language) {
  if (!/^[A-Z\d_]+$/.test(anchor)) return '';
  const other = language === 'en' ? 'zh' : 'en';
  const { tag, name } = WORDS[other];
  return ` <a lang="${tag}" href="?lang=${other}#${anchor}">${name}</a>`;
}

function renderBlock(token, language) {
  if (token.type !== 'heading') return Parser.parse([token], OPTIONS);
  const { depth } = token;
  const anchor = anchorOf(token);
  return `<h${depth} id="${anchor}">${renderInline(token)}${linkOther(anchor, language)}</h${depth}>\n`;
}

/**
 * `markdown` as a whole page in `language`, `en` or `zh`, with its first heading for a title, a table of contents, links to the other
 * language, and a link to the page of the service, which `src/http/routes/pages.ts` takes out where that is off. Throws for HTML, and
 * for a link that would lead nowhere.
 */
export function renderErrorPage(markdown, language) {
  const { tag, contents, top, home } = WORDS[language];
  const tokens = Lexer.lex(
    markdown
      // HTML comments are for those who edit the file.
      .replace(/<!--.*?-->/gs, '')
      // The documents name each other by file; as pages they are one path.
      .replace('](errors.md)', '](?lang=en)')
      .replace('](errors.zh-CN.md)', '](?lang=zh)'),
    OPTIONS,
  );
  void walkTokens(tokens, ({ type, href, raw }) => {
    if (type === 'html' || (type === 'link' && !LINK.test(href)))
      throw new Error(`This cannot be in a page of errors: ${raw}`);
  });
  const headings = tokens.filter(({ type }) => type === 'heading');
  const title = headings.find(({ depth }) => depth === 1)?.text ?? 'Documentation';
  return `<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="assets/icon.svg">
<link rel="stylesheet" href="assets/document.css">
</head>
<body>
<header>
<a class="home" href="./">${home}</a>
<details><summary>${contents}</summary><nav aria-label="${contents}">${renderContents(headings.filter(({ depth }) => depth === 2 || depth === 3))}</nav></details>
</header>
<main>
${tokens.map((token) => renderBlock(token, language)).join('')}</main>
<footer><a href="#">${top}</a></footer>
</body>
</html>
`;
}
