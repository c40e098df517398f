// Loads a module of src/ or tests/ into a script: TypeScript, types unchecked (`npm run lint` does that).
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** The exports of the TypeScript module at `path`, from the repository's root. */
export function loadTypeScript(path) {
  require('ts-node').register({ transpileOnly: true, cwd: rootDir, compilerOptions: { rootDir } });
  return require(`../${path}`);
}
