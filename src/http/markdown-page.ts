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

/**
 * `markdown` as a whole page in `language` (a tag, `zh-CN`), with its first heading for a title; style and icon come from the
 * folder `assets`. Blocks are separated by an empty line; a fenced block may hold empty lines.
 */
export function renderMarkdownPage(markdown: string, assets: string, language: string): string {
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
<main>
${blocks.map(renderBlock).join('\n')}
</main>
</body>
</html>
`;
}
