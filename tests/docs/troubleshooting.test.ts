// docs/troubleshooting.md says what to do about every code of the client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_CODES } from '../../src/client-failures/client-codes';

test.each(['docs/troubleshooting.md', 'docs/troubleshooting.zh-CN.md'])(
  '%s has every code of the client',
  (path) => {
    const page = readFileSync(join(__dirname, '../..', path), 'utf8');
    const listed = [...page.matchAll(/^\| (\d[\d, ]*?) *\|/gm)].flatMap(([, codes]) => codes!.split(', '));
    // What it means is found by recomputing; the text above the table says so.
    expect(page).toContain('\n333441 ');
    expect([...listed, '333441'].map(Number).sort((a, b) => a - b)).toEqual(
      Object.keys(CLIENT_CODES).map(Number),
    );
  },
);
