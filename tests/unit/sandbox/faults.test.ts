// Each fault of the simulated platform, as a client sees it on the wire.
import { type Fault } from '../../../src/sandbox/sandbox';
import { APP, OTHER_APP, startSandbox, type Started } from './start-sandbox';

describe('faults', () => {
  let started: Started;
  let token: string;
  beforeEach(async () => {
    started = await startSandbox();
    token = (await started.askToken()).body.tenant_access_token;
  });
  afterEach(() => started.sandbox.close());

  const hit = (fault: Fault) => {
    started.sandbox.addFault(fault);
    return started.askTicket(token);
  };
  /** Lets sockets move until `done`. */
  async function until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise((resolve) => setImmediate(resolve));
  }

  it.each([429, 400] as const)('limits the rate with HTTP %i and both headers', async (status) => {
    const limited = await hit({ kind: 'rate-limit', status, limit: 50, resetSeconds: 17 });
    expect(limited.status).toBe(status);
    expect(limited.body.code).toBe(99991400);
    expect(limited.headers.get('x-ogw-ratelimit-limit')).toBe('50');
    expect(limited.headers.get('x-ogw-ratelimit-reset')).toBe('17');
    expect(started.sandbox.issuedTickets(APP.appId)).toEqual([]);
  });

  it.each([
    [{ kind: 'quota' }, 429, 99991403],
    [{ kind: 'ip-refused' }, 400, 99991401],
    [{ kind: 'wrong-secret' }, 200, 10014],
    [{ kind: 'app-disabled' }, 400, 99991662],
    [{ kind: 'token-invalid' }, 400, 99991663],
    [{ kind: 'code', code: 1500 }, 200, 1500],
    [{ kind: 'code', code: 10500, status: 500, msg: 'internal' }, 500, 10500],
  ] as const)('refuses with %j', async (fault, status, code) => {
    const refused = await hit(fault);
    expect(refused.status).toBe(status);
    expect(refused.body.code).toBe(code);
    expect(refused.headers.get('x-tt-logid')).toBe(refused.body.error.log_id);
    expect(started.sandbox.counters.list.at(-1)).toMatchObject({
      endpoint: 'ticket',
      appId: APP.appId,
      code,
    });
  });

  it('answers a bare 5xx and an HTML page, with a gateway’s own date when asked', async () => {
    const broken = await hit({ kind: 'http-error', status: 503, times: 1 });
    expect([broken.status, broken.body, broken.headers.get('content-type')]).toEqual([
      503,
      undefined,
      'text/plain',
    ]);
    const page = await hit({ kind: 'html', dateOffsetMs: -86_400_000 });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('date')).toBe('Wed, 31 Dec 2025 00:00:00 GMT');
    expect(started.sandbox.counters.list.at(-1)?.code).toBeUndefined();
  });

  it('truncates the JSON but not the HTTP message', async () => {
    const half = await hit({ kind: 'truncated' });
    expect(half.status).toBe(200);
    expect(half.headers.get('content-type')).toContain('application/json');
    expect(half.text).toMatch(/^\{"code":0/);
    expect(half.body).toBeUndefined();
  });

  it('cuts the connection in the middle of the body', async () => {
    started.sandbox.addFault({ kind: 'cut' });
    const reply = await fetch(`${started.url}/open-apis/jssdk/ticket/get`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(reply.status).toBe(200);
    expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(50);
    await expect(reply.text()).rejects.toThrow();
    expect(started.sandbox.counters.list.at(-1)?.code).toBeUndefined();
  });

  it.each([{ expire_in: '7200' }, { expire_in: -1 }, { expire_in: 1e15 }, { ticket: null }, { ticket: '' }])(
    'overwrites the fields of a ticket with %j',
    async (fields) => {
      const wrong = await hit({ kind: 'fields', fields });
      const ticket = started.sandbox.issuedTickets(APP.appId)[0];
      expect(wrong.body).toEqual({ code: 0, msg: 'ok', data: { expire_in: 7200, ticket, ...fields } });
    },
  );

  it('overwrites the fields of a token where they stand', async () => {
    started.sandbox.addFault({ kind: 'fields', fields: { expire: '7200' } });
    const wrong = await started.askToken();
    expect(wrong.body).toEqual({ code: 0, msg: 'ok', tenant_access_token: token, expire: '7200' });
  });

  it('streams a huge body that is valid at its end', async () => {
    const huge = await hit({ kind: 'huge', bytes: 200_000 });
    expect(huge.text.length).toBeGreaterThan(200_000);
    expect(huge.headers.get('content-length')).toBeNull();
    expect(huge.body.code).toBe(0);
    expect(huge.body.padding).toHaveLength(200_000);
  });

  it('streams 50 MB by default, and stops when the reader leaves', async () => {
    started.sandbox.addFault({ kind: 'huge' });
    const reply = await fetch(`${started.url}/open-apis/jssdk/ticket/get`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const reader = reply.body!.getReader();
    let bytes = 0;
    while (bytes < 1_000_000) bytes += ((await reader.read()).value as Uint8Array).length;
    await reader.cancel();
    started.sandbox.clearFaults();
    expect((await started.askTicket(token)).body.code).toBe(0);
  });

  it('answers late, by the clock, what was right when it was asked', async () => {
    const late = hit({ kind: 'slow', delayMs: 4_000 });
    await until(() => started.clock.timers === 1);
    await started.clock.advance(3_999);
    expect(started.clock.timers).toBe(1);
    await started.clock.advance(1);
    expect((await late).body.data.expire_in).toBe(7200);
  });

  it('can answer late and wrong at once', async () => {
    const late = hit({ kind: 'code', code: 1500, delayMs: 10 });
    await until(() => started.clock.timers === 1);
    await started.clock.advance(10);
    expect((await late).body.code).toBe(1500);
  });

  it('drops the timer of a client that went away', async () => {
    started.sandbox.addFault({ kind: 'slow', delayMs: 4_000 });
    const abort = new AbortController();
    const late = fetch(`${started.url}/open-apis/none`, { signal: abort.signal });
    await until(() => started.clock.timers === 1);
    abort.abort();
    await expect(late).rejects.toThrow();
    await until(() => started.clock.timers === 0);
  });

  it('never answers a hung call, until it is closed', async () => {
    const hung = hit({ kind: 'hung' });
    hung.catch(() => {});
    const before = started.sandbox.counters.calls('ticket');
    await until(() => started.sandbox.counters.calls('ticket') > before);
    const first = await Promise.race([hung.then(() => 'answered'), started.call('GET', '/sandbox/counters')]);
    expect(first).not.toBe('answered');
    expect(started.sandbox.counters.list.at(-1)?.code).toBeUndefined();
    await started.sandbox.close();
    await expect(hung).rejects.toThrow();
  });

  it('resets the connection', async () => {
    await expect(hit({ kind: 'reset' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('says the full life of a ticket again on demand', async () => {
    const first = await started.askTicket(token);
    await started.clock.advance(60_000);
    expect((await started.askTicket(token)).body.data.expire_in).toBe(7140);
    expect((await hit({ kind: 'stale-expiry' })).body).toEqual(first.body);
    expect((await started.askToken()).body.expire).toBe(7200);
    expect((await started.askTicket('t-x')).body.code).toBe(99991663);
  });

  it('hits only the endpoint, the app and the number of calls it names', async () => {
    started.sandbox.addFault({ kind: 'quota', endpoint: 'ticket', appId: APP.appId, times: 2 });
    expect((await started.askToken()).body.code).toBe(0);
    expect(await started.ticketOf(OTHER_APP)).toMatch(/^[0-9a-f]{40}$/);
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await started.askTicket(token)).body.code);
    expect(codes).toEqual([99991403, 99991403, 0]);
  });

  it('takes the first fault that fits, and none once they are cleared', async () => {
    started.sandbox.addFault({ kind: 'ip-refused', endpoint: 'other' });
    started.sandbox.addFault({ kind: 'quota', times: 1 });
    started.sandbox.addFault({ kind: 'code', code: 1503 });
    expect((await started.call('GET', '/open-apis/x')).body.code).toBe(99991401);
    expect((await started.askTicket(token)).body.code).toBe(99991403);
    expect((await started.askTicket(token)).body.code).toBe(1503);
    started.sandbox.clearFaults();
    expect((await started.askTicket(token)).body.code).toBe(0);
  });

  it.each([
    { kind: 'none' },
    { kind: 'rate-limit', resetSecs: 3 },
    { kind: 'slow' },
    { kind: 'quota', times: 0 },
  ])('refuses the fault %j', (fault) => {
    expect(() => started.sandbox.addFault(fault as Fault)).toThrow();
  });
});
