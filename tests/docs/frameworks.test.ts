// docs/frameworks.md has each recipe as its project runs it; its Chinese text is held against it by languages.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, RECIPES } from '../support/recipes';

const EXAMPLES = join(__dirname, '../../examples');
const page = readFileSync(join(__dirname, '../../docs/frameworks.md'), 'utf8');

test.each(RECIPES)('$title: the page has the code of examples/$name', (recipe) => {
  const [, section = ''] = page.split(`\n## ${recipe.title}\n`);
  const [, code] = /^```\w+\n(.*?)^```$/ms.exec(section) ?? [];
  expect(code).toBe(codeOf(recipe));
});

test.each(readdirSync(EXAMPLES))(
  '`npm install` in examples/%s copies the package from this repository',
  (name) => {
    const folder = join(EXAMPLES, name);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const spec = dependencies?.['lark-jsapi-signer'];
    const npmrc = join(folder, '.npmrc');
    // The page without a bundle loads the helper from the signer.
    if (name === 'page-html') expect(spec).toBeUndefined();
    else
      expect({ spec, settings: existsSync(npmrc) && readFileSync(npmrc, 'utf8') }).toEqual({
        spec: 'file:../..',
        settings: expect.stringMatching(/^install-links=true$/m),
      });
  },
);
