// What pages may write compiles, and what they may not does not: tests/types, against the sources.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

test('tests/types compiles, and each line that must not is refused', () => {
  const compile = (): string =>
    execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tests/types')], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  try {
    expect(compile()).toBe('');
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout, { cause: error });
  }
});
