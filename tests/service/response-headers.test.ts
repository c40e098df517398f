// The rules by which Mozilla's HTTP Observatory scores a site, each held against what browsers are sent.
import { createWorld, PAGE, type World } from '../support/world';

const STRANGER = 'https://stranger.example.net';
const PATHS = ['/', `/config?url=${encodeURIComponent(PAGE)}`, '/errors', '/openapi.json'];

let world: World;
beforeAll(async () => {
  world = await createWorld({ env: { PUBLIC_PAGE: 'on' } });
});
afterAll(() => world.close());

describe.each(PATHS)('%s', (path) => {
  const get = async () => {
    const reply = await world.get(path);
    expect(reply.status).toBe(200);
    return reply;
  };
  const policy = async () => {
    const text = (await get()).headers.get('content-security-policy') ?? '';
    const directives = text.split(';').map((directive) => directive.trim().split(/\s+/));
    return new Map(directives.map(([name = '', ...sources]) => [name, sources]));
  };

  it('has a Content-Security-Policy without unsafe or unbounded sources of scripts and objects', async () => {
    const directives = await policy();
    for (const name of ['script-src', 'object-src', 'style-src']) {
      const sources = directives.get(name) ?? directives.get('default-src');
      expect(sources?.length).toBeGreaterThan(0);
      // A whole scheme or every host would let anything in.
      for (const source of sources!)
        expect(source).not.toMatch(/unsafe-inline|unsafe-eval|^\*$|^(https?|data|blob|ftp):(\/\/)?\*?$/);
    }
  });

  it('may be framed by itself and the client only', async () => {
    const ancestors = (await policy()).get('frame-ancestors');
    expect(ancestors).toBeDefined();
    for (const source of ancestors!)
      expect(source).toMatch(/^('self'|'none'|https:\/\/\*\.(feishu\.cn|larksuite\.com|larkoffice\.com))$/);
  });

  it('is read as the type it is said to be', async () => {
    expect((await get()).headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('passes no address on in a Referer', async () => {
    expect((await get()).headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('sets no cookie', async () => {
    expect((await get()).headers.has('set-cookie')).toBe(false);
  });

  it('says to whom resources belong', async () => {
    expect((await get()).headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('lets no stranger read it with credentials', async () => {
    const { headers } = await world.get(path, { headers: { Origin: STRANGER } });
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('access-control-allow-origin')).not.toBe(STRANGER);
  });

  it('names neither server nor framework', async () => {
    const { headers } = await get();
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });

  it('runs no script of another origin without its hash', async () => {
    const { text } = await get();
    const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    // A path of our own, or a hash: nothing inline either.
    for (const tag of scripts) expect(tag).toMatch(/ integrity="sha|\bsrc="(?!https?:|\/\/)[^"]/);
    if (path === '/') expect(scripts.length).toBeGreaterThan(0);
  });
});
