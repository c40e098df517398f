// Each recipe for a framework as a reader has it: its project is installed with the packed package, started, and answers the same requests
// in the same words as all others.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox';
import { checked } from '../support/browser/browser-world';
import { newClient, useChromium } from '../support/browser/chromium';
import { EXAMPLE_LIMIT_MS, useExamples } from '../support/example-project';
import { describeWith } from '../support/needs-program';
import { runProgram } from '../support/pack-package';
import { expectReply, PAGE, PAGE_REQUESTS } from '../support/page-requests';
import { codeOf, countLines, MAX_LINES, RECIPES } from '../support/recipes';

const APP = { appId: 'cli_recipes000001', appSecret: 'a-secret', trustedDomains: [new URL(PAGE).hostname] };

const examples = useExamples();
let sandbox: Sandbox;
let domain: string;

beforeAll(async () => {
  sandbox = createSandbox({ clock: systemClock, apps: [APP] });
  domain = (await sandbox.listen()).url;
});
afterAll(() => sandbox.close());

/** Builds the project and starts it. Its address, once it answers. */
function start(name: string): Promise<string> {
  examples.run(name, 'build');
  const { appId, appSecret } = APP;
  return examples.serve(name, 'start', {
    ...{ LARK_APP_ID: appId, LARK_APP_SECRET: appSecret, LARK_DOMAIN: domain },
  });
}

test.each(RECIPES)(
  '$title: the requests of a page, in few lines',
  async (recipe) => {
    const lines = countLines(codeOf(recipe));
    console.info(`${recipe.title}: ${lines} lines`);
    expect(lines).toBeLessThanOrEqual(MAX_LINES);
    const base = await start(recipe.name);
    const send = (path: string, init?: RequestInit) => fetch(`${base}/lark${path}`, init);
    for (const expected of PAGE_REQUESTS) await expectReply(expected, send);
    const signed = await (await send(`/config?url=${encodeURIComponent(PAGE)}`)).text();
    expect(sandbox.verify(JSON.parse(signed))).toMatchObject({ errCode: 0 });
  },
  EXAMPLE_LIMIT_MS,
);

describeWith('chromium', 'the client component of Next.js', () => {
  const chromium = useChromium();

  test(
    'is authorised and shows what was scanned, and why a signature is refused',
    async () => {
      const base = await start('next');
      const context = await newClient(chromium.browser);
      // As a proxy with the name of the page. Where the route leads to the client's SDK, the stand-in is.
      const { origin } = new URL(PAGE);
      await context.route(`${origin}/**`, async (route) => {
        const url = route.request().url().replace(origin, base);
        const response = await route.fetch({ url, maxRedirects: 0 });
        const isSdk = response.status() === 302;
        await route.fulfill({
          response: isSdk ? await route.fetch({ url: `${domain}/sandbox/h5-sdk.js` }) : response,
        });
      });
      // A page of another machine's name does not reach this machine by itself.
      await context.route(`${domain}/**`, async (route) => route.fulfill({ response: await route.fetch() }));
      const page = await context.newPage();
      await page.goto(`${origin}/?from=workbench`);
      await page.getByRole('button', { name: 'Scan' }).click();
      await page.getByRole('status').filter({ hasText: 'https://example.com/scanned' }).waitFor();
      expect(await checked(page)).toEqual([{ url: `${origin}/?from=workbench`, errCode: 0 }]);
      sandbox.addApp({ ...APP, trustedDomains: ['other.example.com'] });
      await page.reload();
      await page.getByRole('button', { name: 'Scan' }).click();
      await page
        .getByRole('main')
        .filter({ hasText: /333448.*H5 trusted domain/ })
        .waitFor();
      sandbox.addApp(APP);
    },
    EXAMPLE_LIMIT_MS,
  );
});

/** What signs in the same place without the handler: a signer of the main entry, and nothing of the rules but what it does itself. */
const OWN_ROUTE = `import { createSigner } from 'lark-jsapi-signer';

let signer;
export async function GET(request) {
  signer ??= createSigner({
    appId: process.env.LARK_APP_ID,
    appSecret: process.env.LARK_APP_SECRET,
    domain: process.env.LARK_DOMAIN,
    allowedOrigins: ['https://h5.example.com'],
  });
  return Response.json(await signer.sign(new URL(request.url).searchParams.get('url')));
}
`;

test(
  'Next.js: the server bundle of the route is smaller than with a signer of the main entry',
  () => {
    const folder = examples.install('next');
    examples.run('next', 'build');
    const handlerBytes = bundleBytes(folder);
    writeFileSync(join(folder, 'app/lark/[...path]/route.js'), OWN_ROUTE);
    runProgram('npm', ['run', 'build'], folder, { NEXT_TELEMETRY_DISABLED: '1' });
    const mainBytes = bundleBytes(folder);
    const [handler, main] = [handlerBytes, mainBytes].map((bytes) => `${Math.round(bytes / 1_000)} kB`);
    console.info(
      `Next.js, server bundle of the route: ${handler} with lark-jsapi-signer/handler, ${main} with lark-jsapi-signer`,
    );
    expect(handlerBytes).toBeLessThan(mainBytes);
  },
  EXAMPLE_LIMIT_MS,
);

/** What Next says that the route needs at run time: its bundle, and the packages that it leaves outside, but for those of Next itself. */
function bundleBytes(folder: string): number {
  const route = join(folder, '.next/server/app/lark/[...path]');
  const { files } = JSON.parse(readFileSync(join(route, 'route.js.nft.json'), 'utf8')) as {
    files: string[];
  };
  const isOfNext = /\/node_modules\/(?:next|@next|@swc|@opentelemetry)\//;
  const paths = files.map((path) => join(route, path)).filter((path) => !isOfNext.test(path));
  return paths.reduce((sum, path) => sum + statSync(path).size, 0);
}
