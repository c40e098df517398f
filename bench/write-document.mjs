// Writes docs/benchmarks.md from runs: what was measured, where, and how to read it. Each run has a chapter of its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const documentPath = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const styleOf = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

/** Writes the chapter `name` in place of what stands between its two marks. */
export async function writeChapter(name, text) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const document = readFileSync(documentPath, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${documentPath} has no marks for ${name}.`);
  const written = `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`;
  writeFileSync(
    documentPath,
    await format(written, { ...styleOf('../.prettierrc.json'), parser: 'markdown' }),
  );
}

/** `parts` are the rendered tables of a run of all contestants. */
export async function writeContestants({ setting, contestants, ours, targets }) {
  const text = `${setting}

### Required

${targets}

### Contestants

${contestants}

- _empty_ is \`node:http\` with one fixed reply, _bare_ is \`node:http\` and the signature without a single check: the floor.
- _ours_ is \`node dist/main.js\` as an operator sets it: its log at \`info\` to a file, and the limiter and the metrics that the measured
  revision has. "scraped" says that a contestant serves metrics, and that they were read every second.
- _usual_ is Express 5 with helmet, cors, express-rate-limit, pino-http and a prom-client histogram, wired as their READMEs say.

CPU time is that of the whole server process, divided by its requests. The load is a closed loop that keeps the server busy, so
latency is what 16 clients that never pause see, not what a page sees. While it runs, answers are sampled ten times a second and
checked by the simulated platform; a wrong one fails the run.
${ours ? `\n### Ours against each\n\nAbove 1 is in favour of ours.\n\n${ours}\n` : ''}`;
  await writeChapter('contestants', text);
}
