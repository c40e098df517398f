// docs/frameworks.md has each recipe as its project runs it; its Chinese text is held against it by languages.test.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, RECIPES } from '../support/recipes';

const page = readFileSync(join(__dirname, '../../docs/frameworks.md'), 'utf8');

test.each(RECIPES)('$title: the page has the code of examples/$name', (recipe) => {
  const [, section = ''] = page.split(`\n## ${recipe.title}\n`);
  const [, code] = /^```\w+\n(.*?)^```$/ms.exec(section) ?? [];
  expect(code).toBe(codeOf(recipe));
});
