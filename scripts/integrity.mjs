// `npm run integrity`: writes docs/integrity.md, the hashes of the browser helper as the build makes it.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleBrowser } from './bundle-browser.mjs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'integrity-'));

function integrityOf(name) {
  const digest = createHash('sha384').update(readFileSync(join(folder, name)));
  return `sha384-${digest.digest('base64')}`;
}

try {
  await bundleBrowser(folder);
  const script = integrityOf('lark-jsapi.js');
  const text = `# Integrity of the browser helper

<!-- Written by "npm run integrity"; a test holds it equal to what the build makes. -->

Version ${version}:

- \`lark-jsapi-${version}.js\`: \`${script}\`
- \`lark-jsapi-${version}.mjs\`: \`${integrityOf('lark-jsapi.mjs')}\`

With its hash in the page, a browser runs the script only if it is, byte for byte, the one that was released. Use the address with
the version, since the bytes behind it never change:

\`\`\`html
<script
  src="https://signer.example.com/lark-jsapi-${version}.js"
  integrity="${script}"
  crossorigin="anonymous"
></script>
\`\`\`
`;
  writeFileSync(new URL('../docs/integrity.md', import.meta.url), text);
} finally {
  rmSync(folder, { recursive: true });
}
