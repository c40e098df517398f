// The names in a JSON object as they were sent: `JSON.parse` keeps the last of those that are equal, without a word.

/** A string of JSON, from its first quotation mark on. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const COLON = /\s*:/y;

/**
 * The names of the members of the object in `json`, decoded, in their order, those that are repeated as often as they are. `json`
 * must be valid: `JSON.parse` has taken it.
 *
 * @example memberNames('{"url":1,"a":{"b":2},"\\u0075rl":3}') // ['url', 'a', 'url']
 */
export function memberNames(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') {
      STRING.lastIndex = at;
      const [string = ''] = STRING.exec(json) ?? [];
      at += string.length - 1;
      COLON.lastIndex = at + 1;
      if (depth === 1 && COLON.test(json)) names.push(decode(string));
    }
  }
  return names;
}

function decode(string: string): string {
  return string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1);
}
