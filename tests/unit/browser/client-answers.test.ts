// What clients of different versions answer, or do not: what is tried once more, what is waited for, and what the error says.
import { createFactory } from '../../../src/browser/create-factory';
import type { LarkJsapiError } from '../../../src/browser/lark-jsapi-error';
import type { LarkOptions } from '../../../src/browser/options';
import { isInLark } from '../../../src/browser/page';
import { FakePage, invalidSignature, SIGNER } from '../../support/fake-page';

const AT = 'https://h5.example.com';
const PLAIN = 'Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36';

function setUp(options: LarkOptions = {}, page = new FakePage(`${AT}/landing`)) {
  const errors: LarkJsapiError[] = [];
  const lark = createFactory(
    page,
    undefined,
  )({ ...SIGNER, onError: (error) => errors.push(error), ...options });
  return { page, lark, errors };
}

/** What `promise` is rejected with. */
const failureOf = (page: FakePage, promise: Promise<unknown>): Promise<LarkJsapiError> =>
  page.settle(
    promise.then(
      () => Promise.reject(new Error('it did not fail')),
      (error: unknown) => error as LarkJsapiError,
    ),
  );

/** A JSAPI that answers with `answers` in turn: a failure, or undefined for success. */
function answerWith(page: FakePage, name: string, ...answers: unknown[]): void {
  page.tt![name] = ({ success, fail }: Record<string, (given: unknown) => void>) => {
    const failure = answers.shift();
    if (failure === undefined) success!({ done: name });
    else fail!(failure);
  };
}

const words = invalidSignature(`${AT}/checked`).errorMessage;

describe('one more attempt', () => {
  it.each<[unknown, string]>([
    [{ errno: 2601002, errString: words }, 'checked'],
    [{ errno: 2601002, errString: `authentication failed: ${words} (error code: 333441)` }, 'checked'],
    [{ errno: 333441, errString: words }, 'checked'],
    [{ errString: words }, 'checked'],
    [words, 'checked'],
    [new Error(words), 'checked'],
    [`{"errCode":2601002,"errMsg":"${words}"}`, 'checked'],
    [{ errno: 2601002, errString: 'x (error code: 333443)' }, 'landing'],
    [{ errString: 'signature is expired' }, 'landing'],
    [{ errMsg: 'duplicate signature' }, 'landing'],
    [{ errno: 2601002, error: { msg: 'code: 333444' } }, 'landing'],
    [{ errno: 305, errString: 'network failure' }, 'landing'],
    [{ errCode: 1014, errMsg: 'request failed' }, 'landing'],
    [{ errorCode: '10001' }, 'landing'],
    [{ errno: 10002, errString: 'reply unreadable' }, 'landing'],
    [{ errString: 'network error' }, 'landing'],
  ])('follows %j, with a signature of /%s', async (failure, path) => {
    const { page, lark, errors } = setUp();
    page.client = (_, attempt) => (attempt === 1 ? failure : undefined);
    expect(await page.settle(lark.ready())).toEqual({ appId: 'cli_1', url: `${AT}/landing` });
    expect(page.signedUrls).toEqual([`${AT}/landing`, `${AT}/${path}`]);
    expect(errors).toEqual([]);
  });

  it.each<unknown>([
    { errno: 2601002, errString: 'no valid jsapi_ticket (error code: 333442)' },
    { errString: 'invalid ticket' },
    { errMsg: 'jsapi_ticket expired' },
    { error_code: 333442 },
    'ticket not found',
  ])('follows a report of the dead ticket: %j', async (failure) => {
    const { page, lark } = setUp();
    page.client = (_, attempt) => (attempt === 1 ? failure : undefined);
    await page.settle(lark.ready());
    expect(page.signedUrls).toHaveLength(2);
    const [report] = page.requests.filter(({ url }) => url.endsWith('/report'));
    expect(JSON.parse(report!.init.body!)).toMatchObject({ signature: 'signature-1', errorCode: 333442 });
  });

  it.each<[unknown, number]>([
    [{ errno: 102, errString: 'internal' }, 102],
    [{ errno: 111, errString: 'too many' }, 111],
    [{ errno: 104, errString: 'signature must be a string' }, 104],
    [{ errno: 2601002, errString: 'x (error code: 333448)' }, 333448],
    [{ errno: 99991692, errString: 'session' }, 99991692],
    [{ errno: 333430, errString: 'userId' }, 333430],
  ])('does not follow %j, which it would not help', async (failure, code) => {
    const { page, lark } = setUp();
    page.client = () => failure;
    expect(await failureOf(page, lark.ready())).toMatchObject({
      code,
      advice: expect.stringMatching(/\w\.$/) as unknown,
    });
    expect(page.signedUrls).toHaveLength(1);
  });
});

describe('the URL the document was loaded with', () => {
  const loadedFrom = (...names: string[]): FakePage => {
    const page = new FakePage(`${AT}/home`);
    page.performance = { getEntriesByType: () => names.map((name) => ({ name })) };
    page.client = (url) =>
      url.endsWith('/home') ? { errCode: 333441, errMsg: 'signature error' } : undefined;
    return page;
  };

  it.each([
    [`${AT}/cb?code=abc&state=1`, `${AT}/cb?code=abc&state=1`],
    [`${AT}/cb#/route`, `${AT}/cb`],
    [`${AT}/?a=%20b`, `${AT}/?a=%20b`],
    [`${AT}?x=1`, `${AT}?x=1`],
    [`${AT}/%E9%A3%9E`, `${AT}/%E9%A3%9E`],
  ])('is known to a script that came later: %s', async (name, signed) => {
    const { page, lark } = setUp({}, loadedFrom(name));
    await page.settle(lark.ready());
    expect(page.signedUrls).toEqual([`${AT}/home`, signed]);
  });

  it.each([
    ['another site, before a redirect', ['https://login.example.com/a']],
    ['an origin that begins alike', ['https://h5.example.com.evil.example/']],
    ['the page itself', [`${AT}/home`]],
    ['no entry', []],
    ['an empty name', ['']],
  ])('is not taken from %s', async (_, names) => {
    const { page, lark } = setUp({}, loadedFrom(...names));
    expect(await failureOf(page, lark.ready())).toMatchObject({ code: 333441 });
    expect(page.signedUrls).toEqual([`${AT}/home`]);
  });
});

describe('h5sdk.ready', () => {
  it.each<[FakePage['readyMs'], number]>([
    [0, 0],
    [700, 700],
    [2_900, 2_900],
    [60_000, 3_000],
    ['never', 3_000],
  ])(
    'that fires after %p ms holds the first config for %d ms, and the next one not at all',
    async (readyMs, heldMs) => {
      const { page, lark } = setUp();
      Object.assign(page, { readyMs, signerMs: 0 });
      const ready = lark.ready();
      await page.pass(0);
      if (heldMs > 0) {
        await page.pass(heldMs - 1);
        expect(page.configs).toHaveLength(0);
        await page.pass(1);
      }
      expect(page.configs).toHaveLength(1);
      await page.settle(ready);
      page.history.pushState(null, '', '/next');
      const next = lark.ready();
      await page.pass(0);
      expect(page.configs).toHaveLength(2);
      await page.settle(next);
    },
  );

  it.each([
    ['is missing', undefined],
    [
      'throws',
      () => {
        throw new Error('not yet');
      },
    ],
  ])('that %s is no hindrance', async (_, ready) => {
    const { page, lark } = setUp();
    Object.assign(page.h5sdk!, { ready });
    await page.settle(lark.ready());
    expect(page.configs).toHaveLength(1);
  });

  it('is not waited for by a login', async () => {
    const { page, lark } = setUp();
    page.readyMs = 'never';
    const before = page.clock.monotonicMs();
    await page.settle(lark.call('requestAuthCode', { appId: 'cli_1' }));
    expect(page.clock.monotonicMs()).toBe(before);
  });
});

describe('a reply without an app id', () => {
  const official = { timestamp: 1, noncestr: 'n', signature: 's' };
  it.each([
    ['config', { timestamp: 1, nonceStr: 'n', signature: 's' }],
    ['sample', official],
    ['tutorial', { code: 0, data: official }],
    ['axios around envelope', { status: 200, data: { data: official } }],
    ['an empty id', { ...official, appId: '' }],
    ['null', { ...official, appid: null }],
  ])('is a failure that says so, before the client is asked: %s', async (_, reply) => {
    const { page, lark, errors } = setUp({ request: () => reply });
    const error = await failureOf(page, lark.ready());
    expect(error).toMatchObject({
      problem: 'APP_ID_MISSING',
      advice: expect.stringContaining('appId') as unknown,
    });
    expect(page.configs).toHaveLength(0);
    expect(errors).toEqual([error]);
  });

  it('is none where the options know it', async () => {
    const { page, lark } = setUp({ request: () => official, appId: 'cli_7' });
    expect(await page.settle(lark.ready())).toMatchObject({ appId: 'cli_7' });
  });
});

describe('a plain browser with the SDK', () => {
  const inPlainBrowser = (): FakePage => {
    const page = new FakePage(`${AT}/landing`);
    page.navigator.userAgent = PLAIN;
    return page;
  };
  const OUTSIDE = {
    problem: 'NOT_IN_LARK',
    detail: `user agent ${PLAIN}`,
    advice: expect.any(String) as unknown,
  };

  it('is named as the cause when config is not answered within a second', async () => {
    const { page, lark, errors } = setUp({}, inPlainBrowser());
    Object.assign(page, { client: () => 'hang', readyMs: 'never' });
    const failed = failureOf(page, lark.ready());
    await page.pass(1_100);
    expect(await failed).toMatchObject(OUTSIDE);
    expect(errors).toHaveLength(1);
  });

  it.each([{ errMsg: 'no bridge' }, 'config:fail', undefined, new Error('x')])(
    'is named as the cause when config fails without a code: %j',
    async (failure) => {
      const { page, lark } = setUp({}, inPlainBrowser());
      page.h5sdk!.config = (call) => (call as { onFail: (failure: unknown) => void }).onFail(failure);
      const error = await failureOf(page, lark.ready());
      expect(error).toMatchObject(OUTSIDE);
      expect(error.cause).toBe(failure);
    },
  );

  it.each(['requestAuthCode', 'requestAccess', 'tt.closeWindow'])(
    'is named as the cause when %s is not answered within a second',
    async (name) => {
      const { page, lark } = setUp({}, inPlainBrowser());
      for (const api of Object.keys(page.tt!)) page.tt![api] = () => undefined;
      const failed = failureOf(page, lark.call(name));
      await page.pass(1_000);
      expect(await failed).toMatchObject({ ...OUTSIDE, api: name });
    },
  );

  it('is named as the cause when a function is missing', async () => {
    const { page, lark } = setUp({}, inPlainBrowser());
    page.tt = {};
    expect(await failureOf(page, lark.call('requestAuthCode'))).toMatchObject(OUTSIDE);
  });

  it('may have a simulator, which answers', async () => {
    const { page, lark } = setUp({}, inPlainBrowser());
    expect(await page.settle(lark.ready())).toMatchObject({ appId: 'cli_1' });
    expect(await page.settle(lark.call('requestAuthCode'))).toEqual({ code: 'c0de' });
  });

  it('with the simulated client is as patient as with the real one', async () => {
    const { page, lark } = setUp({}, inPlainBrowser());
    Object.assign(page, { __larkStandIn: {}, clientMs: 9_000 });
    expect(await page.settle(lark.ready())).toMatchObject({ appId: 'cli_1' });
    page.client = () => 'hang';
    page.history.pushState(null, '', '/b');
    expect(await failureOf(page, lark.ready())).toMatchObject({ problem: 'TIMEOUT' });
  });
});

describe('requestAccess on an old client', () => {
  it.each<unknown>([
    { errno: 103, errString: 'not supported by this client' },
    { errCode: 103, errMsg: 'x' },
    { errString: 'this feature is not supported' },
    { errno: 1, errString: 'fail (error code: 103)' },
    '{"errorCode":103}',
  ])('is answered with %j, and the advice is requestAuthCode', async (failure) => {
    for (const name of ['requestAccess', 'tt.requestAccess']) {
      const { page, lark } = setUp();
      answerWith(page, 'requestAccess', failure);
      const error = await failureOf(page, lark.call(name));
      expect(error).toMatchObject({
        code: 103,
        advice: expect.stringContaining('requestAuthCode') as unknown,
      });
      expect(error.message).toContain(error.advice);
    }
  });

  it('is absent, and the advice is requestAuthCode', async () => {
    const { page, lark } = setUp();
    delete page.tt!['requestAccess'];
    expect(await failureOf(page, lark.call('requestAccess'))).toMatchObject({
      problem: 'API_MISSING',
      advice: expect.stringContaining('requestAuthCode') as unknown,
    });
  });

  it('has nothing to do with other JSAPIs that a client lacks', async () => {
    const { page, lark } = setUp();
    answerWith(page, 'scanCode', { errno: 103 });
    const error = await failureOf(page, lark.call('scanCode'));
    expect(error.advice).toBe('The client is too old.');
  });
});

describe('a JSAPI that is refused', () => {
  it.each<[unknown, LarkOptions]>([
    [{ errno: 105, errString: 'authorise again' }, {}],
    [{ errno: 333445, errString: 'not in jsApiList' }, {}],
    [{ errno: 2601002, errString: 'x (error code: 333445)' }, {}],
    [{ errCode: 105 }, { jsApiList: ['tt.scanCode'] }],
    [{ errorCode: '333445' }, { jsApiList: [] }],
  ])('with %j is called again once the page is authorised once more (%j)', async (failure, options) => {
    const { page, lark, errors } = setUp(options);
    await page.settle(lark.ready());
    answerWith(page, 'scanCode', failure, undefined);
    expect(await page.settle(lark.call('scanCode'))).toEqual({ done: 'scanCode' });
    expect(page.configs).toHaveLength(2);
    expect(errors).toEqual([]);
  });

  it('twice is a failure', async () => {
    const { page, lark, errors } = setUp();
    answerWith(page, 'scanCode', { errno: 105 }, { errno: 105 }, undefined);
    const error = await failureOf(page, lark.call('scanCode'));
    expect(error).toMatchObject({ code: 105, api: 'scanCode' });
    expect(errors).toEqual([error]);
    expect(page.configs).toHaveLength(2);
  });

  it('together with another is authorised for once', async () => {
    const { page, lark } = setUp({ jsApiList: ['scanCode', 'getLocation'] });
    answerWith(page, 'scanCode', { errno: 105 }, undefined);
    answerWith(page, 'getLocation', { errno: 105 }, undefined);
    await page.settle(Promise.all([lark.call('scanCode'), lark.call('getLocation')]));
    expect(page.configs).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ['is not of the list', { errno: 333445 }],
    ['is not of the list', { errno: 105 }],
    ['lacks the network, since the call may have had its effect', { errno: 10001 }],
  ])('and %s is not tried again: %j', async (_, failure) => {
    const { page, lark } = setUp({ jsApiList: ['getLocation'] });
    answerWith(page, 'scanCode', failure, undefined);
    const code = (failure as { errno: number }).errno;
    expect(await failureOf(page, lark.call('scanCode'))).toMatchObject({ code });
    expect(page.configs).toHaveLength(1);
  });

  it('is known from the list of the reply, where the options have none', async () => {
    const { page, lark } = setUp({ jsApiList: undefined });
    page.signer = (url) => ({ body: { ...page.sign(url), jsApiList: ['getLocation'] } });
    answerWith(page, 'scanCode', { errno: 333445 }, undefined);
    answerWith(page, 'getLocation', { errno: 333445 }, undefined);
    expect(await failureOf(page, lark.call('scanCode'))).toMatchObject({ code: 333445 });
    expect(await page.settle(lark.call('getLocation'))).toEqual({ done: 'getLocation' });
  });

  it.each(['requestAuthCode', 'requestAccess'])('is %s without a network: called once more', async (name) => {
    for (const code of [305, 1014, 10001, 10002]) {
      const { page, lark } = setUp();
      answerWith(page, name, { errno: code, errString: 'fail' }, undefined);
      expect(await page.settle(lark.call(name))).toEqual({ done: name });
      expect(page.configs).toHaveLength(0);
    }
  });
});

describe('onError is called once', () => {
  it.each<[string, (world: ReturnType<typeof setUp>) => Promise<unknown>]>([
    [
      'for a refusal that many wait for',
      ({ page, lark }) => {
        page.client = () => ({ errno: 333448 });
        return Promise.allSettled([
          lark.ready(),
          lark.call('scanCode'),
          lark.call('getLocation'),
          lark.ready(),
        ]);
      },
    ],
    [
      'for both attempts',
      ({ page, lark }) => {
        page.client = () => ({ errno: 2601002, errString: 'x (error code: 333444)' });
        return Promise.allSettled([lark.ready()]);
      },
    ],
    [
      'for onFail and h5sdk.error',
      async ({ page, lark }) => {
        page.client = () => ({ errno: 333448 });
        await Promise.allSettled([lark.ready()]);
        page.sdkErrorCallbacks[0]!({ errno: 333448 });
        page.configs[0]!.onFail({ errno: 333448 });
      },
    ],
    [
      'for an SDK that a login and a page wait for',
      ({ page, lark }) => {
        delete page.h5sdk;
        delete page.tt;
        page.script = () => 'error';
        return Promise.allSettled([lark.ready(), lark.call('requestAuthCode'), lark.call('scanCode')]);
      },
    ],
    [
      'for the authorisation that a refused JSAPI asks for',
      async ({ page, lark }) => {
        await lark.ready();
        answerWith(page, 'scanCode', { errno: 105 });
        page.client = () => ({ errno: 333449 });
        await Promise.allSettled([lark.call('scanCode')]);
      },
    ],
    [
      'for a client that never answers, and answers late',
      async ({ page, lark }) => {
        page.client = () => 'hang';
        await Promise.allSettled([lark.ready()]);
        page.configs[0]!.onFail({ errno: 333448 });
      },
    ],
    [
      'for an exception of the page’s own code',
      ({ lark }) => {
        const thrower = lark as unknown as { call: (name: string) => Promise<unknown> };
        return Promise.allSettled([thrower.call('noSuchApi')]);
      },
    ],
  ])('%s', async (_, act) => {
    const world = setUp({ sdkUrl: 'https://cdn.example.com/sdk.js' });
    await world.page.settle(act(world));
    await world.page.pass(5_000);
    expect(world.errors).toHaveLength(1);
  });
});

describe('isInLark', () => {
  it.each([
    ['Mozilla/5.0 (iPhone) Mobile/15E148 Lark/7.20.0 LarkLocale/en_US', true],
    ['Mozilla/5.0 (Windows NT 10.0) Chrome/118 Safari/537.36 Feishu/7.4', true],
    ['Mozilla/5.0 (Linux; Android 14) lark/6.1', true],
    [PLAIN, false],
    ['', false],
  ])('of %j is %p, with the SDK or without', (userAgent, expected) => {
    for (const sdk of [true, false]) {
      const page = new FakePage(AT, { sdk });
      page.navigator.userAgent = userAgent;
      expect(isInLark(page)).toBe(expected);
    }
  });

  it('is true next to the simulated client, and false on a server', () => {
    const page = new FakePage(AT);
    page.navigator.userAgent = PLAIN;
    page.__larkStandIn = {};
    expect(isInLark(page)).toBe(true);
    expect(isInLark(undefined)).toBe(false);
  });
});
