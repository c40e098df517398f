// The headers of a reply by their names, for tests that look at single ones.
import type { HeaderList } from '../../src/http/header-list';

/** `{ Vary: 'Origin', … }`; a name that comes twice fails the test. */
export function headersByName(list: HeaderList): Record<string, string> {
  const byName: Record<string, string> = {};
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at]!;
    if (name in byName) throw new Error(`${name} is there twice`);
    byName[name] = list[at + 1]!;
  }
  return byName;
}
