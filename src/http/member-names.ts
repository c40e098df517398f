// The names in a JSON object as they were sent: `JSON.parse` silently keeps the last of equal names.

/** A string of JSON with the colon behind a name, or a mark. A string that does not end is one up to the end. */
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"(?:\s*:)?)?|[{}[\],]/g;

/**
 * The names of the members of the object in `json`, decoded, in their order, those that are repeated as often as they are; undefined
 * when it has more than `maxTokens` strings and marks, of which no more are read. For a text that is not JSON the names mean nothing, and
 * a SyntaxError may be thrown.
 *
 * @example memberNames('{"url":1,"a":{"b":2},"\\u0075rl":3}', 400) // ['url', 'a', 'url']
 */
export function memberNames(json: string, maxTokens: number): string[] | undefined {
  const names: string[] = [];
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let tokens = 0; ; tokens += 1) {
    const [token] = TOKEN.exec(json) ?? [];
    if (token === undefined) return names;
    if (tokens === maxTokens) return undefined;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token.endsWith(':'))
      names.push(decode(token.slice(0, token.lastIndexOf('"') + 1)));
  }
}

function decode(string: string): string {
  return string.includes('\\') ? (JSON.parse(string) as string) : string.slice(1, -1);
}
