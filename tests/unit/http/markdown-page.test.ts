// The page that the documentation becomes.
import { renderMarkdownPage } from '../../../src/http/markdown-page';

const bodyOf = (markdown: string): string =>
  /<main>\n(.*)\n<\/main>/s.exec(renderMarkdownPage(markdown, '/assets', 'en'))?.[1] ?? '';

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
    const page = renderMarkdownPage('# A & B\n\ntext', '/base/assets', 'zh-CN');
    expect(page).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    expect(page).toContain('<title>A &#38; B</title>');
    expect(page).toContain('<link rel="stylesheet" href="/base/assets/document.css">');
  });
});
