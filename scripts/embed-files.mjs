// Writes a module that holds the files of the package which it serves, in place of the one that reads them from the disk: a back
// end that bundles the library into a file of its own has no such files beside it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const folder = new URL('public/', root);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/**
 * Writes the module to `outfile`, and the texts to `embedded-files.js` beside it, which is loaded when the first is wanted. What the
 * module exports is what `src/base/package-files.ts` does.
 */
export function embedFiles(outfile) {
  const paths = readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(new URL(path, folder)).isFile());
  const files = Object.fromEntries(paths.sort().map((path) => [path, read(`public/${path}`)]));
  const { version } = JSON.parse(read('package.json'));
  writeFileSync(
    new URL('embedded-files.js', outfile),
    `'use strict';
// Written by the build (scripts/embed-files.mjs): the files of public/.
module.exports = new Map(Object.entries(${JSON.stringify(files)}));
`,
  );
  writeFileSync(
    outfile,
    `'use strict';
// Written by the build (scripts/embed-files.mjs) in place of src/base/package-files.ts.
exports.readPublicFile = async (path) => {
  const text = require('./embedded-files').get(path);
  return text === undefined ? undefined : Buffer.from(text);
};
exports.readVersion = () => ${JSON.stringify(version)};
`,
  );
}
