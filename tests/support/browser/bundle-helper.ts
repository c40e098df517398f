// The browser helper as the build makes it, so that tests need no build before them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '..', '..', '..', 'scripts', 'bundle-browser.mjs');

/** The bytes of `lark-jsapi.js`. */
export function bundleHelper(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'helper-'));
  try {
    execFileSync(process.execPath, [SCRIPT, folder]);
    return readFileSync(join(folder, 'lark-jsapi.js'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
