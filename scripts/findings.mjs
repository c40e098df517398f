// `npm run findings`: writes what the documentation says of refused signatures, out of the table of findings.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'findings-'));

try {
  const outfile = join(folder, 'findings-documents.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/support/findings-documents.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    logLevel: 'warning',
  });
  const { BEGINNING, END, generatedParts } = createRequire(import.meta.url)(outfile);
  for (const { path, text } of generatedParts()) {
    const file = join(root, path);
    const document = readFileSync(file, 'utf8');
    const [start, end] = [document.indexOf(BEGINNING), document.indexOf(END)];
    if (start < 0 || end < start) throw new Error(`${path} lacks the lines around what is written.`);
    const before = document.slice(0, start + BEGINNING.length);
    writeFileSync(file, `${before}\n\n${text}\n\n${document.slice(end)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
