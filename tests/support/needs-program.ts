// Tests that need a program of the machine: skipped by name where it is missing, a failure where everything is required.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** `describe(name)` when `program` is on the PATH; otherwise skipped with the reason in its name, or failed. */
export function describeWith(program: string, name: string, tests: () => void): void {
  describeUnless(hasProgram(program) ? undefined : `${program} is not on the PATH`, name, tests);
}

/** `describe(name)` when nothing is `missing`; otherwise skipped with that in its name, or failed. */
export function describeUnless(missing: string | undefined, name: string, tests: () => void): void {
  if (missing === undefined) describe(name, tests);
  else if (isEverythingRequired()) describeMissing(missing, name);
  else describe.skip(`${name} (${missing})`, tests);
}

function describeMissing(missing: string, name: string): void {
  describe(name, () => {
    test('has what it needs', () => {
      throw new Error(`${missing}: with CI or REQUIRE_ALL=1 set, nothing is skipped`);
    });
  });
}

/** Whether `program` can be started by its name. */
export function hasProgram(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isEverythingRequired(): boolean {
  return [process.env['CI'], process.env['REQUIRE_ALL']].some(
    (value) => value !== undefined && !['', '0', 'false'].includes(value),
  );
}
