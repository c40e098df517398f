// The stand-in for the client's check of h5sdk.config: every code it answers, and the official vectors.
import { createSandbox, type ConfigCall, type Sandbox } from '../../../src/sandbox/sandbox';
import { expectedSignature } from '../../../src/sandbox/verify';
import { FakeClock } from '../../support/fake-clock';
import { APP, OTHER_APP, startSandbox, type Started } from './start-sandbox';

// ticket, nonceStr, timestamp, url, signature
const VECTORS = [
  [
    '617bf955832a4d4d80d9d8d85917a427',
    'Y7a8KkqX041bsSwT',
    1510045655000,
    'https://example.cn/test/1234/content.html',
    '40a68999ecf7e05907edba43b31a50fd1830c777',
  ],
  [
    'a885c93b03d6b6057e992ddda519e6ac857b5d6c',
    'Y7a8KkqX041bsSwT',
    1609904126124,
    'https://m.mm.cn/ttc/3541093/3131_1.html',
    'fc87e50e5fa427ffad0685cc5040a004531d8e9c',
  ],
] as const;

describe('expectedSignature', () => {
  it.each(VECTORS)(
    'gives the official signature for ticket %s',
    (ticket, nonceStr, timestamp, url, signature) => {
      expect(expectedSignature(ticket, nonceStr, timestamp, url)).toBe(signature);
    },
  );

  it.each([
    ['https://example.cn/test/1234/content.html?a=b&c=d', '85b3b251445ba6596c98b3f3b418c09c82a8d60d'],
    [
      'https://example.cn/%E4%B8%AD%E6%96%87?q=%E9%A3%9E%E4%B9%A6',
      '99d245a22017ea28aadba870af6b1963b8bcd912',
    ],
    ['https://example.cn/p?x=a+b&y=a%20b&z=%2B', '680152ec6b0f0132d5ee6d7622f4fdf99244c99d'],
  ])('signs %s as it stands', (url, signature) => {
    const [ticket, nonceStr, timestamp] = VECTORS[0];
    expect(expectedSignature(ticket, nonceStr, timestamp, url)).toBe(signature);
  });

  it('signs the UTF-8 bytes', () => {
    // Computed with sha1sum.
    expect(expectedSignature('T', 'N', 1, 'https://例え.jp/é')).toBe(
      '30c3e50f63133822c34cf6671479198fdb942b96',
    );
  });
});

describe('verify with the official vectors', () => {
  it.each(VECTORS)('accepts the page that was signed with ticket %s', async (...vector) => {
    const [ticket, nonceStr, timestamp, url, signature] = vector;
    const app = { ...APP, trustedDomains: [new URL(url).host] };
    const randomHex = () => ticket;
    const started = await startSandbox({ clock: new FakeClock(timestamp), apps: [app], randomHex });
    expect(await started.ticketOf(app)).toBe(ticket);
    const call = { appId: app.appId, timestamp, nonceStr, signature, url };
    expect(started.sandbox.verify(call)).toEqual({ errCode: 0, errMsg: 'ok' });
    await started.sandbox.close();
  });
});

describe('verify', () => {
  let started: Started;
  let sandbox: Sandbox;
  let ticket: string;
  beforeEach(async () => {
    started = await startSandbox();
    sandbox = started.sandbox;
    ticket = await started.ticketOf();
  });
  afterEach(() => sandbox.close());

  /** What a correct service hands to a correct page. */
  function signed(
    changes: { ticket?: string; url?: string; timestamp?: number; nonceStr?: string } = {},
  ): ConfigCall {
    const url = changes.url ?? 'https://h5.example.com/a?x=1&y=2';
    const timestamp = changes.timestamp ?? started.clock.wallMs();
    const nonceStr = changes.nonceStr ?? 'nonce-1';
    const toSign = url.split('#')[0]!;
    const signature = expectedSignature(changes.ticket ?? ticket, nonceStr, timestamp, toSign);
    return { appId: APP.appId, timestamp, nonceStr, signature, url };
  }
  const codeOf = (call: ConfigCall): number => sandbox.verify(call).errCode;

  it('accepts a right signature, with and without a list of JSAPIs', () => {
    expect(codeOf(signed())).toBe(0);
    expect(codeOf({ ...signed({ nonceStr: 'nonce-2' }), jsApiList: ['scanCode'] })).toBe(0);
    expect(codeOf({ ...signed({ nonceStr: 'nonce-3' }), jsApiList: [] })).toBe(0);
  });

  it('cuts the page URL at # and compares the rest byte for byte', () => {
    expect(codeOf(signed({ url: 'https://h5.example.com/a?x=1#/route?b=2' }))).toBe(0);
    expect(codeOf({ ...signed({ url: 'https://h5.example.com' }), url: 'https://h5.example.com/' })).toBe(
      333441,
    );
  });

  it.each([
    ['appId', undefined],
    ['appId', ''],
    ['timestamp', '1510045655000'],
    ['timestamp', undefined],
    ['timestamp', NaN],
    ['nonceStr', 5],
    ['nonceStr', ''],
    ['signature', null],
    ['url', undefined],
    ['url', '/only/a/path'],
    ['url', `https://${'a'.repeat(300)}/`],
    ['url', 'https://例子.cn/'],
    ['jsApiList', 'scanCode'],
    ['jsApiList', [1]],
    ['jsApiList', ['']],
  ])('refuses %s = %p with 1012 and its name', (name, value) => {
    const { errCode, errMsg } = sandbox.verify({ ...signed(), [name]: value });
    expect(errCode).toBe(1012);
    expect(errMsg).toContain(name);
  });

  it('refuses an unknown app and a disabled one with 333440', () => {
    expect(codeOf({ ...signed(), appId: 'cli_x' })).toBe(333440);
    sandbox.addApp({ ...APP, disabled: true });
    expect(codeOf(signed())).toBe(333440);
  });

  it('refuses a wrong signature with 333441 and masks the values in the platform’s format', () => {
    const call = signed({ timestamp: started.clock.wallMs(), nonceStr: 'zdcWabcd' });
    const { errCode, errMsg } = sandbox.verify({ ...call, signature: 'f'.repeat(40) });
    expect(errCode).toBe(333441);
    const values = [
      `signature: ${(call.signature as string).slice(0, 5)}****`,
      `jsticket: ${ticket.slice(0, 5)}****`,
      'nonce_str: zdcW****',
      'url: https://h5.example.com/a?x=1&y=2',
      `timestamp: %!s(int64=${started.clock.wallMs()})`,
    ];
    expect(errMsg).toBe(`invalid signature: ${values.join(', ')}`);
    expect(errMsg).not.toContain(ticket);
  });

  it('refuses with 333442 when the app has no live ticket', async () => {
    sandbox.addApp({ ...OTHER_APP, trustedDomains: APP.trustedDomains });
    expect(codeOf({ ...signed(), appId: OTHER_APP.appId })).toBe(333442);
    await started.clock.advance(7_200_000);
    expect(codeOf(signed({ timestamp: started.clock.wallMs() }))).toBe(333442);
  });

  it('refuses with 333442 when the ticket was revoked, also while another is live', async () => {
    sandbox.revokeTickets(APP.appId);
    expect(codeOf(signed())).toBe(333442);
    const renewed = await started.ticketOf();
    expect(codeOf(signed())).toBe(333442);
    expect(codeOf(signed({ ticket: renewed }))).toBe(0);
  });

  it('accepts the old ticket while a new one is live beside it, and refuses another app’s', async () => {
    await started.clock.advance(5_400_001);
    const renewed = await started.ticketOf();
    expect(renewed).not.toBe(ticket);
    expect(codeOf(signed())).toBe(0);
    expect(codeOf(signed({ ticket: renewed }))).toBe(0);
    expect(codeOf(signed({ ticket: await started.ticketOf(OTHER_APP) }))).toBe(333441);
    expect(sandbox.issuedTickets(APP.appId)).toEqual([ticket, renewed]);
  });

  it('refuses a used signature with 333443', () => {
    const call = signed();
    expect(codeOf(call)).toBe(0);
    expect(codeOf(call)).toBe(333443);
    expect(codeOf(signed({ nonceStr: 'nonce-2' }))).toBe(0);
  });

  it('does not use a signature up by refusing it', () => {
    const call = signed();
    expect(codeOf({ ...call, url: 'https://elsewhere.example.com/' })).toBe(333448);
    expect(codeOf({ ...call, url: 'https://h5.example.com/b' })).toBe(333441);
    expect(codeOf(call)).toBe(0);
  });

  it('refuses a signature older than 10 minutes with 333444, and one that far ahead', () => {
    const nowMs = started.clock.wallMs();
    expect(codeOf(signed({ timestamp: nowMs - 600_000 }))).toBe(0);
    expect(codeOf(signed({ timestamp: nowMs - 600_001 }))).toBe(333444);
    expect(codeOf(signed({ timestamp: nowMs + 600_000 }))).toBe(0);
    expect(codeOf(signed({ timestamp: nowMs + 600_001 }))).toBe(333444);
  });

  it('judges age by its own clock, so that a machine whose clock is 15 minutes off is refused', () => {
    sandbox.moveClock(900_000);
    expect(codeOf(signed())).toBe(333444);
    expect(codeOf(signed({ timestamp: sandbox.nowMs() }))).toBe(0);
    sandbox.moveClock(-1_800_000);
    expect(sandbox.clockOffsetMs).toBe(-900_000);
    expect(codeOf(signed({ nonceStr: 'nonce-2' }))).toBe(333444);
  });

  it('accepts a page of any port where the domain says so, of that host and scheme only', () => {
    sandbox.addApp({ ...APP, trustedDomains: ['http://localhost:*', 'http://127.0.0.1:*'] });
    for (const url of ['http://localhost:5173/a', 'http://127.0.0.1:4321/', 'http://localhost/'])
      expect({ url, code: codeOf(signed({ url, nonceStr: url })) }).toEqual({ url, code: 0 });
    for (const url of ['https://localhost:5173/', 'http://localhost.evil.cn:5173/', 'http://h5.example.com/'])
      expect({ url, code: codeOf(signed({ url })) }).toEqual({ url, code: 333448 });
  });

  it('refuses an app without trusted domains with 333447 and a page outside them with 333448', () => {
    expect(codeOf({ ...signed(), appId: OTHER_APP.appId })).toBe(333447);
    expect(codeOf(signed({ url: 'https://example.com/' }))).toBe(333448);
    expect(codeOf(signed({ url: 'https://sub.h5.example.com/' }))).toBe(333448);
    expect(codeOf(signed({ url: 'https://h5.example.com.evil.cn/' }))).toBe(333448);
    expect(codeOf(signed({ url: 'https://h5.example.com:8443/' }))).toBe(333448);
    expect(codeOf(signed({ url: 'https://127.0.0.1:8080/' }))).toBe(333448);
    expect(codeOf(signed({ url: 'http://127.0.0.1:8080/' }))).toBe(0);
    expect(codeOf(signed({ url: 'http://h5.example.com/' }))).toBe(0);
  });
});

describe('addApp', () => {
  it.each([
    ['https://h5.example.com/', 'https://h5.example.com/a'],
    ['h5.example.com/', 'https://h5.example.com/a'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
    ['http://localhost:*/', 'http://localhost:5173/a'],
    ['https://h5.example.com:8443/', 'https://h5.example.com:8443/?x'],
  ])('takes %s as the trusted domain of %s', (domain, url) => {
    const clock = new FakeClock();
    const sandbox = createSandbox({ clock, apps: [{ ...APP, trustedDomains: [domain] }] });
    const call = { appId: APP.appId, timestamp: clock.wallMs(), nonceStr: 'n', signature: 's' };
    // Past the domains: the app has no ticket.
    expect(sandbox.verify({ ...call, url }).errCode).toBe(333442);
    expect(sandbox.verify({ ...call, url: 'https://other.example.com/' }).errCode).toBe(333448);
  });

  it.each(['', '/', 'https://h5.example.com//', 'https:/', 'h5.example.com/path', 'https://', 'a b'])(
    'refuses the trusted domain %p',
    (domain) => {
      const sandbox = createSandbox({ clock: new FakeClock() });
      expect(() => sandbox.addApp({ ...APP, trustedDomains: [domain] })).toThrow(/a host or an origin/);
    },
  );
});
