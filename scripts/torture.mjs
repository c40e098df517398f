// `npm run torture -- <name> [--seed n] [--size n]`: one of the long suites. Without a name it lists them.
import { loadTypeScript } from './run-typescript.mjs';
import { writeStaticFiles } from './static-files.mjs';

// What the build makes and the service serves: the suites run the sources.
await writeStaticFiles();
process.exitCode = await loadTypeScript('tests/torture/main.ts').main(process.argv.slice(2));
