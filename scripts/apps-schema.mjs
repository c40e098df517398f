// `node scripts/apps-schema.mjs`: writes docs/apps.schema.json, the JSON Schema of LARK_APPS_FILE. A test holds it equal to the code.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { format } from 'prettier';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../src/config/apps-file/apps-schema.ts', import.meta.url))],
  bundle: true,
  platform: 'node',
  write: false,
});
const bundle = { exports: {} };
new Function('module', 'exports', 'require', outputFiles[0].text)(
  bundle,
  bundle.exports,
  createRequire(import.meta.url),
);
const json = await format(JSON.stringify(bundle.exports.appsJsonSchema()), {
  parser: 'json',
  printWidth: 110,
});
writeFileSync(new URL('../docs/apps.schema.json', import.meta.url), json);
