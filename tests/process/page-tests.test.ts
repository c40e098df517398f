// The projects that test a page with the fake client, as a reader has them: installed with the packed package, and run.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackage, runProgram } from '../support/pack-package';

const EXAMPLES = join(__dirname, '../../examples');
/** A test runner with jsdom takes a minute to install on two busy cores. */
const LIMIT_MS = 300_000;

const scratch = mkdtempSync(join(tmpdir(), 'page-tests-'));
let tarball: string;
beforeAll(() => {
  ({ tarball } = packPackage(join(scratch, 'source')));
}, LIMIT_MS);
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

test.each(['testing-vitest', 'testing-jest'])(
  'examples/%s passes',
  (name) => {
    const folder = join(scratch, name);
    cpSync(join(EXAMPLES, name), folder, { recursive: true });
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    runProgram('npm', ['install', ...options, tarball], folder);
    // Without a terminal and `CI`, neither watches files.
    runProgram('npm', ['test'], folder, { CI: '1' });
  },
  LIMIT_MS,
);
