// Formats what scripts write as `npm run format` would, so that a test can compare both.
import { readFileSync } from 'node:fs';
import { format } from 'oxfmt';

const options = JSON.parse(readFileSync(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'));

/** `text` in the style of the repository; `fileName` says what it is. Rejects for a text that cannot be parsed. */
export async function formatText(fileName, text) {
  const { code, errors } = await format(fileName, text, options);
  if (errors.length > 0) throw new Error(`${fileName}: ${errors[0].message}`);
  return code;
}
