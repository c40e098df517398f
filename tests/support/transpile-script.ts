// Turns a TypeScript script and what it imports into plain JavaScript once, so that a test can start it 50 times: ts-node
// takes most of a second for each start.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** The script that `node` can run in place of `path` (absolute), and a function that removes it. Built-in modules only. */
export function transpileScript(path: string): { script: string; remove: () => void } {
  const outDir = mkdtempSync(join(tmpdir(), 'script-'));
  const { emitSkipped } = ts
    .createProgram([path], {
      module: ts.ModuleKind.Node16,
      target: ts.ScriptTarget.ES2023,
      rootDir: ROOT,
      outDir,
      types: ['node'],
      noCheck: true, // `npm run lint` does that
    })
    .emit();
  if (emitSkipped) throw new Error(`${path} cannot be transpiled`);
  return {
    script: join(outDir, relative(ROOT, path).replace(/\.ts$/, '.js')),
    remove: () => rmSync(outDir, { recursive: true }),
  };
}
