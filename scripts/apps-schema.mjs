// `node scripts/apps-schema.mjs`: writes docs/apps.schema.json, the JSON Schema of LARK_APPS_FILE. A test holds it equal to the code.
import { writeFileSync } from 'node:fs';
import { formatText } from './format-text.mjs';
import { loadTypeScript } from './run-typescript.mjs';

const { appsJsonSchema } = loadTypeScript('src/config/apps-file/apps-schema.ts');
const json = await formatText('apps.schema.json', JSON.stringify(appsJsonSchema()));
writeFileSync(new URL('../docs/apps.schema.json', import.meta.url), json);
