// The handlers for `node:http` and fetch: they answer as the router does, and what is theirs alone.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import express from 'express';
import { createFetchHandler, type FetchHandlerOptions } from '../../../src/library/fetch-handler';
import { jsapiRouter } from '../../../src/library/jsapi-router';
import { createNodeHandler, type NodeHandlerOptions } from '../../../src/library/node-handler';
import { FakeClock } from '../../support/fake-clock';
import { FakeSigningApp } from '../../support/fake-signing-apps';
import { expectReply, PAGE, PAGE_REQUESTS } from '../../support/page-requests';

const ASK = `/lark/config?url=${encodeURIComponent(PAGE)}`;
const ORIGIN = 'https://back-end.example';
const basePath = '/lark';

let signer: FakeSigningApp;
const errors: unknown[] = [];
const onError = (error: unknown): void => void errors.push(error);
const open: (() => void)[] = [];
beforeEach(() => {
  signer = new FakeSigningApp('cli_one', ['https://h5.example.com']);
  errors.length = 0;
});
afterEach(() => open.splice(0).forEach((close) => close()));

/** What sends a request to `listener` over HTTP. */
function serve(listener: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  open.push(() => server.close());
  const listening = once(server, 'listening');
  return async (path: string, init?: RequestInit) => {
    await listening;
    return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
  };
}

const CARRIERS = {
  router: () => serve(express().use(basePath, jsapiRouter(signer))),
  'node handler': (options: NodeHandlerOptions = {}) =>
    serve(createNodeHandler(signer, { basePath, onError, ...options })),
  'fetch handler': (options: FetchHandlerOptions = {}) => {
    const handle = createFetchHandler(signer, { basePath, onError, ...options });
    return (path: string, init?: RequestInit) => handle(new Request(ORIGIN + path, init));
  },
};

describe.each(Object.keys(CARRIERS) as (keyof typeof CARRIERS)[])('the %s', (name) => {
  it.each(PAGE_REQUESTS)('answers $what', async (expected) => {
    const send = CARRIERS[name]();
    await expectReply(expected, (path, init) => send(basePath + path, init));
  });
});

describe.each(['node handler', 'fetch handler'] as const)('the %s', (name) => {
  const create = (options: FetchHandlerOptions & NodeHandlerOptions = {}) => CARRIERS[name](options);

  it('answers what its functions throw with INTERNAL, and hands the error on', async () => {
    const thrown = new Error('no session');
    const reply = await create({ authorize: () => Promise.reject(thrown) })(ASK);
    expect(reply.status).toBe(500);
    const text = await reply.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL', requestId: expect.any(String) as string });
    expect(text).not.toContain('session');
    expect(errors).toEqual([thrown]);
  });

  it('does the same with an error of the signer', async () => {
    const broken = new Error('broken');
    signer.signPage = () => {
      throw broken;
    };
    expect((await create()(ASK)).status).toBe(500);
    expect(errors).toEqual([broken]);
  });

  it.each(['/', '/config', '/larks/config', '/lark', '/lark/', '/lark/config/more'])(
    'says at %s where signatures are',
    async (path) => {
      const reply = await create()(path);
      expect(reply.status).toBe(404);
      expect(await reply.json()).toMatchObject({
        code: 'NOT_FOUND',
        type: '/lark/errors#NOT_FOUND',
        detail: expect.stringContaining('/lark/config?url=') as string,
      });
    },
  );

  it.each([
    [undefined, '/config'],
    ['', '/config'],
    ['/a/b', '/a/b/config'],
    ['/a/b/', '/a/b/config'],
  ])('with basePath %j signs at %s', async (at, path) => {
    const reply = await CARRIERS[name]({ basePath: at! })(`${path}?url=${encodeURIComponent(PAGE)}`);
    expect(reply.status).toBe(200);
  });

  it('counts by clientAddress, and not where that is undefined', async () => {
    const send = create({
      requestsPerMinute: 1,
      clock: new FakeClock(),
      clientAddress: (request: Request | IncomingMessage) => {
        const address =
          request instanceof Request ? request.headers.get('x-client') : request.headers['x-client'];
        return address?.toString();
      },
    });
    const ask = async (client?: string) =>
      (await send(ASK, client ? { headers: { 'x-client': client } } : {})).status;
    expect([await ask('203.0.113.1'), await ask('203.0.113.1'), await ask('203.0.113.2')]).toEqual([
      200, 429, 200,
    ]);
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 200]);
  });

  it('refuses a body that is too large, and reads little more of it', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        // 16 MB, unless reading ends before.
        if (sent > 256) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(0x61));
      },
    });
    const init: RequestInit & { duplex: 'half' } = {
      ...{ method: 'POST', body, duplex: 'half' },
      headers: { 'content-type': 'application/json' },
    };
    const reply = await create()('/lark/config', init);
    expect(reply.status).toBe(413);
    if (name === 'fetch handler') expect(sent).toBeLessThan(8);
  });

  it.each([
    [{ basePath: 'lark' }, 'basePath'],
    [{ basePath: '/lark?' }, 'basePath'],
    [{ basePat: '/lark' }, 'basePat'],
    [{ requestsPerMinute: -1, clientAddress: () => 'a' }, 'requestsPerMinute'],
    [{ authorize: true }, 'authorize'],
  ])('refuses the options %j', (options, variable) => {
    const wrong = options as unknown as FetchHandlerOptions & NodeHandlerOptions;
    expect(() => create(wrong)).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ variable }) as unknown] }) as Error,
    );
  });

  it('refuses what is no signer', () => {
    signer = undefined as unknown as FakeSigningApp;
    expect(() => create()).toThrow('give what createSigner returns');
  });
});

describe('the node handler', () => {
  it('passes foreign paths and unexpected errors to next', async () => {
    const next = jest.fn();
    const handler = createNodeHandler(signer, {
      basePath,
      authorize: () => Promise.reject(new Error('no session')),
    });
    const send = serve((request, response) => {
      handler(request, response, (error) => {
        next(error);
        response.writeHead(418).end();
      });
    });
    expect([(await send('/elsewhere')).status, (await send(ASK)).status]).toEqual([418, 418]);
    expect(next.mock.calls).toEqual([[undefined], [new Error('no session')]]);
  });

  it('limits the other end of the connection by default', async () => {
    const send = CARRIERS['node handler']({ requestsPerMinute: 1, clock: new FakeClock() });
    expect([(await send(ASK)).status, (await send(ASK)).status]).toEqual([200, 429]);
  });
});

describe('the fetch handler', () => {
  it('refuses a limit that nothing counts by', () => {
    expect(() => createFetchHandler(signer, { requestsPerMinute: 60 })).toThrow('clientAddress');
  });

  it('says so when the body was read before', async () => {
    const request = new Request(`${ORIGIN}/lark/config`, { method: 'POST', body: '{}' });
    await request.text();
    expect((await createFetchHandler(signer, { basePath, onError })(request)).status).toBe(500);
    expect(String(errors[0])).toContain('unread Request');
  });

  it('answers an aborted request, and keeps nothing of it', async () => {
    const aborting = new AbortController();
    const init: RequestInit & { duplex: 'half' } = {
      ...{ method: 'POST', duplex: 'half', signal: aborting.signal },
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({
        // Never continues.
        pull: () => void setImmediate(() => aborting.abort()),
      }),
    };
    const reply = await createFetchHandler(signer, { basePath, onError })(
      new Request(`${ORIGIN}/lark/config`, init),
    );
    expect({ status: reply.status, errors }).toEqual({ status: 408, errors: [] });
  });

  it('answers 304 without a body', async () => {
    const send = CARRIERS['fetch handler']();
    const etag = (await send('/lark/lark-jsapi.js')).headers.get('etag')!;
    const again = await send('/lark/lark-jsapi.js', { headers: { 'if-none-match': etag } });
    expect({ status: again.status, body: again.body }).toEqual({ status: 304, body: null });
  });
});
