// Renders the documentation's subset of Markdown as an HTML page: headings, paragraphs, lists, code, emphasis, links.

/** All of it is escaped before anything is made of it: no HTML passes through. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A heading's own text is its anchor, with what a fragment cannot hold left out: `## URL_MISSING` is `#URL_MISSING`. */
function anchorOf(heading: string): string {
  return heading.replaceAll('`', '').trim().replace(/\s+/g, '-');
}

/** Only links within the site or over https become links; anything else stays text. */
const LINK = /\[([^\]]+)\]\(((?:https:\/\/|#|\?|\/|\.\/)[^)\s]*)\)/g;

function renderInline(text: string): string {
  // Code first, by splitting: nothing inside of it is markup.
  return text
    .split(/(`[^`]+`)/)
    .map((part) => {
      const escaped = escapeHtml(part);
      if (/^`[^`]+`$/.test(part)) return `<code>${escaped.slice(1, -1)}</code>`;
      return escaped.replace(LINK, '<a href="$2">$1</a>').replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
    })
    .join('');
}

function renderBlock(block: string): string {
  const fence = /^```[^\n]*\n(.*)\n```$/s.exec(block);
  if (fence) return `<pre><code>${escapeHtml(fence[1] ?? '')}</code></pre>`;
  const heading = /^(#{1,3}) ([^\n]+)$/.exec(block);
  if (heading) {
    const [, { length: level } = '#', text = ''] = heading;
    return `<h${level} id="${escapeHtml(anchorOf(text))}">${renderInline(text)}</h${level}>`;
  }
  if (block.startsWith('- ')) {
    const items = block.slice(2).split(/\n- /);
    return `<ul>${items.map((item) => `<li>${renderInline(unwrap(item))}</li>`).join('')}</ul>`;
  }
  return `<p>${renderInline(unwrap(block))}</p>`;
}

/** A line break within a paragraph or an item is a space. */
function unwrap(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

/** What stands around the text, in its language. */
export interface PageNavigation {
  /** Names the table of contents. */
  readonly contents: string;
  /** Names the link to the top of the page. */
  readonly top: string;
  /** A link to another page, before all else. */
  readonly home?: { readonly href: string; readonly text: string } | undefined;
}

/** The headings of the second level, each with those of the third below it, as lists of links. */
function renderContents(blocks: readonly string[]): string {
  const items = blocks.flatMap((block) => {
    const [, marks = '', text = ''] = /^(#{2,3}) ([^\n]+)$/.exec(block) ?? [];
    return marks === '' ? [] : [{ marks, link: renderLink(`#${anchorOf(text)}`, text) }];
  });
  let list = '';
  let level = '##';
  for (const { marks, link } of items) {
    if (marks !== level) list += marks === '##' ? '</ul>' : '<ul>';
    list += `<li>${link}`;
    level = marks;
  }
  return `<ul>${list}${level === '###' ? '</ul>' : ''}</ul>`;
}

function renderLink(href: string, text: string): string {
  return `<a href="${escapeHtml(href)}">${renderInline(text)}</a>`;
}

/**
 * `markdown` as a whole page in `language` (a tag, `zh-CN`), with its first heading for a title and a table of contents; style
 * and icon come from the folder `assets`. Blocks are separated by an empty line; a fenced block may hold empty lines.
 */
export function renderMarkdownPage(
  markdown: string,
  assets: string,
  language: string,
  { contents, top, home }: PageNavigation,
): string {
  const pieces: (string | undefined)[] = markdown
    .replaceAll('\r\n', '\n')
    // HTML comments are for those who edit the file.
    .replace(/<!--.*?-->/gs, '')
    // A fenced block is a piece of its own; nothing else is looked at greedily, since a long line would not fit the stack.
    .split(/^(```[^\n]*\n.*?\n```)$|\n\s*?\n/ms);
  const blocks = pieces.map((piece) => piece?.trim()).filter((block): block is string => Boolean(block));
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? 'Documentation';
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${escapeHtml(assets)}/icon.svg">
<link rel="stylesheet" href="${escapeHtml(assets)}/document.css">
</head>
<body>
<header>
${home ? renderLink(home.href, home.text) : ''}
<details><summary>${escapeHtml(contents)}</summary><nav aria-label="${escapeHtml(contents)}">${renderContents(blocks)}</nav></details>
</header>
<main>
${blocks.map(renderBlock).join('\n')}
</main>
<footer>${renderLink('#', top)}</footer>
</body>
</html>
`;
}
