// Every relative link of every Markdown file leads to a file, and every anchor to a heading, Chinese ones too; no mark is shown as text.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, linksOf, markdownFiles, sentencesOf } from '../support/markdown';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const anchorsIn = new Map<string, readonly string[]>();
/** The anchors of the document at `path`. */
function anchorsAt(path: string): readonly string[] {
  const known = anchorsIn.get(path) ?? anchorsOf(read(path));
  anchorsIn.set(path, known);
  return known;
}

/** A link to another site, or a mail address. */
const isElsewhere = (target: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(target);

/** Why `target` in the document at `path` leads nowhere, or undefined. */
function findFault(path: string, target: string): string | undefined {
  const [file = '', anchor] = target.split('#').map((part) => decodeURIComponent(part));
  const place = file === '' ? path : join(dirname(path), file);
  if (!existsSync(join(root, place))) return `${path}: ${target}: no such file`;
  if (anchor === undefined || (place.endsWith('.md') && anchorsAt(place).includes(anchor))) return undefined;
  return `${path}: ${target}: no such heading`;
}

const files = markdownFiles();
const links = files.flatMap((path) =>
  linksOf(read(path))
    .filter((target) => !isElsewhere(target))
    .map((target) => ({ path, target })),
);

test('no relative link is broken, and no anchor', () => {
  // So that a search which finds nothing is noticed.
  expect(files.length).toBeGreaterThan(30);
  expect(links.length).toBeGreaterThan(200);
  expect(links.flatMap(({ path, target }) => findFault(path, target) ?? [])).toEqual([]);
});

test('a link to a missing file, heading or Chinese heading would be found', () => {
  expect(findFault('docs/errors.md', 'missing.md')).toContain('no such file');
  expect(findFault('README.md', '#no-such-heading')).toContain('no such heading');
  expect(findFault('docs/errors.md', 'errors.zh-CN.md#客户端')).toContain('no such heading');
  expect(findFault('docs/errors.md', 'errors.zh-CN.md#客户端拒绝的签名')).toBeUndefined();
});

test('a Chinese document leads to Chinese documents where they exist', () => {
  const inEnglish = links.filter(({ path, target }) => {
    const [file = ''] = target.split('#');
    const chinese = join(dirname(path), file).replace(/(?<!\.zh-CN)\.md$/, '.zh-CN.md');
    // Not its own English document, which is named below its title.
    return (
      path.endsWith('.zh-CN.md') && !file.endsWith('.zh-CN.md') && chinese !== path && files.includes(chinese)
    );
  });
  expect(inEnglish).toEqual([]);
});

test('no mark of bold text is shown, as it is where a Chinese full stop stands before it and no space behind', () => {
  expect(sentencesOf('**测试。**平台', 'zh')[0]?.text).toContain('**');
  const shown = files.flatMap((path) =>
    sentencesOf(read(path), 'zh').flatMap(({ text }) => (text.includes('**') ? `${path}: ${text}` : [])),
  );
  expect(shown).toEqual([]);
});

test('anchors are those of GitHub', () => {
  expect(anchorsOf('# A `code_x` & b: c!\n\n## Same\n\n## Same\n\n# 就绪状态（一）\n')).toEqual([
    'a-code_x--b-c',
    'same',
    'same-1',
    '就绪状态一',
  ]);
});
