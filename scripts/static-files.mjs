// `node scripts/static-files.mjs`: writes what the service serves and the build makes of other sources into public/: the pages of the errors,
// the description of the API and the browser helper. Tests run the sources: Jest calls this before them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundleBrowser } from './bundle-browser.mjs';
import { renderErrorPage } from './render-error-page.mjs';
import { loadTypeScript } from './run-typescript.mjs';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

/** A file that stays as it is keeps its time, which `ensure.mjs` compares with that of the build. */
function write(path, text) {
  if (!existsSync(new URL(path, root)) || read(path) !== text) writeFileSync(new URL(path, root), text);
}

/** The description of the API, out of TypeScript that is needed at no other time. */
function describeApi() {
  const { createOpenApi } = loadTypeScript('src/http/openapi/openapi.ts');
  return createOpenApi(JSON.parse(read('package.json')).version);
}

/** What the page needs of `src/field-report/`, as a module for browsers. */
function bundleFieldReport() {
  const { outputFiles } = buildSync({
    absWorkingDir: fileURLToPath(root),
    stdin: {
      contents: `export { CLIENT_ROWS } from './rows';
export { compareRows, countVerdicts, renderReport } from './compare-rows';
export { describeForm, describeRefusal } from './describe-failure';`,
      resolveDir: fileURLToPath(new URL('src/field-report', root)),
    },
    // As the helper: for any client's web view.
    ...{ bundle: true, format: 'esm', target: 'es2017', charset: 'utf8', minify: true, write: false },
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

/** Writes `errors.en.html`, `errors.zh.html`, `openapi.json`, `assets/page/field-report.js` and the browser helper into public/. */
export async function writeStaticFiles() {
  write('public/errors.en.html', renderErrorPage(read('docs/errors.md'), 'en'));
  write('public/errors.zh.html', renderErrorPage(read('docs/errors.zh-CN.md'), 'zh'));
  write('public/openapi.json', JSON.stringify(describeApi()));
  write('public/assets/page/field-report.js', bundleFieldReport());
  await bundleBrowser('public');
}

/** For Jest's `globalSetup`. */
export default writeStaticFiles;

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeStaticFiles();
