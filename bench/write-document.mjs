// Writes docs/benchmarks.md from runs: the table and where it was measured. Each run has a chapter of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatText } from '../scripts/format-text.mjs';

const documentPath = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

/** Writes the chapter `name` in place of what stands between its two marks. */
export async function writeChapter(name, text) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const document = readFileSync(documentPath, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${documentPath} has no marks for ${name}.`);
  const written = `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
  writeFileSync(documentPath, await formatText('benchmarks.md', written));
}

/** `setting` and `contestants` are the rendered parts of a run of all contestants. */
export async function writeContestants({ setting, contestants }) {
  await writeChapter('contestants', `${contestants}\n\n${setting}`);
}
