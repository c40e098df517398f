// `npm run torture -- <name> [--seed n] [--size n]`: one of the long suites. Without a name it lists them.
import { loadTypeScript } from './run-typescript.mjs';

process.exitCode = await loadTypeScript('tests/torture/main.ts').main(process.argv.slice(2));
