// The page that the documentation becomes.
import { renderMarkdownPage } from '../../../src/http/markdown-page';

const WORDS = { contents: 'Contents', top: 'Top' };
const bodyOf = (markdown: string): string =>
  /<main>\n(.*)\n<\/main>/s.exec(renderMarkdownPage(markdown, '/assets', 'en', WORDS))?.[1] ?? '';

describe('renderMarkdownPage', () => {
  it.each([
    ['# Title', '<h1 id="Title">Title</h1>'],
    ['## `URL_MISSING`', '<h2 id="URL_MISSING"><code>URL_MISSING</code></h2>'],
    ['### Two words', '<h3 id="Two-words">Two words</h3>'],
    ['one\ntwo\n\nthree', '<p>one two</p>\n<p>three</p>'],
    ['- a\n  more\n- b', '<ul><li>a more</li><li>b</li></ul>'],
    ['```json\n{\n\n"a": 1 }\n```', '<pre><code>{\n\n&#34;a&#34;: 1 }</code></pre>'],
    ['```\n# no heading\n```\n\nafter', '<pre><code># no heading</code></pre>\n<p>after</p>'],
    ['**bold** and `**not**`', '<p><strong>bold</strong> and <code>**not**</code></p>'],
    ['[a](#B) [c](https://d.e/f)', '<p><a href="#B">a</a> <a href="https://d.e/f">c</a></p>'],
    ['[a](?lang=zh)', '<p><a href="?lang=zh">a</a></p>'],
    ['[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>'],
    ['<script>&"\'', '<p>&#60;script&#62;&#38;&#34;&#39;</p>'],
    ['`<b>`', '<p><code>&#60;b&#62;</code></p>'],
    ['# "><b>', '<h1 id="&#34;&#62;&#60;b&#62;">&#34;&#62;&#60;b&#62;</h1>'],
    ['a <!-- not\n\nshown --> b', '<p>a  b</p>'],
  ])('renders %j', (markdown, html) => {
    expect(bodyOf(markdown)).toBe(html);
  });

  it('is a whole page with its language, its title and its stylesheet', () => {
    const page = renderMarkdownPage('# A & B\n\ntext', '/base/assets', 'zh-CN', WORDS);
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    expect(page).toContain('<title>A &#38; B</title>');
    expect(page).toContain('<link rel="stylesheet" href="/base/assets/document.css">');
  });

  it('has a table of contents of its headings, a link to its top, and one to another page', () => {
    const markdown = '# T\n\n## A\n\n### `B`\n\n### C d\n\n```\n## no heading\n```\n\n## E & F';
    const contentsOf = (page: string): string | undefined => /<nav[^>]*>(.*)<\/nav>/.exec(page)?.[1];
    const page = renderMarkdownPage(markdown, '/assets', 'en', {
      ...WORDS,
      home: { href: '/base/', text: '<Home>' },
    });
    expect(contentsOf(page)).toBe(
      '<ul><li><a href="#A">A</a><ul><li><a href="#B"><code>B</code></a><li><a href="#C-d">C d</a></ul>' +
        '<li><a href="#E-&#38;-F">E &#38; F</a></ul>',
    );
    expect(page).toContain('<summary>Contents</summary>');
    expect(page).toContain('<a href="#">Top</a>');
    expect(page).toContain('<a href="/base/">&#60;Home&#62;</a>');
    expect(contentsOf(renderMarkdownPage('## A\n\n### B', '/assets', 'en', WORDS))).toBe(
      '<ul><li><a href="#A">A</a><ul><li><a href="#B">B</a></ul></ul>',
    );
  });
});
