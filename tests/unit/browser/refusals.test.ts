// What the client, the signer and the network refuse: what is tried once more, what is reported, what the error says.
import { createFactory } from '../../../src/browser/create-factory';
import type { LarkJsapiError } from '../../../src/browser/lark-jsapi-error';
import type { LarkOptions } from '../../../src/browser/options';
import { FakePage, invalidSignature, SIGNER, type SignerAnswer } from '../../support/fake-page';

const AT = 'https://h5.example.com';

function setUp(options: LarkOptions = {}, href = `${AT}/landing`) {
  const page = new FakePage(href);
  const errors: LarkJsapiError[] = [];
  const create = createFactory(page, undefined);
  const lark = create({ ...SIGNER, onError: (error) => errors.push(error), ...options });
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

describe('a signature that the client refuses', () => {
  it.each([333443, 333444])('is made anew once after %d', async (errorCode) => {
    const { page, lark, errors } = setUp();
    page.client = (_, attempt) => (attempt === 1 ? { errorCode } : undefined);
    await page.settle(lark.ready());
    expect(page.configs.map(({ signature }) => signature)).toEqual(['signature-1', 'signature-2']);
    expect(page.signedUrls).toEqual([`${AT}/landing`, `${AT}/landing`]);
    expect(errors).toEqual([]);
  });

  it.each([333441, 333442, 333443, 333444])('is not made a third time after %d', async (errorCode) => {
    const { page, lark, errors } = setUp();
    page.history.pushState(null, '', '/b');
    page.client = () => ({ errorCode });
    const error = await failureOf(page, lark.ready());
    expect(error).toMatchObject({ name: 'LarkJsapiError', code: errorCode, codeFrom: 'errorCode' });
    expect(error.advice).not.toBe('');
    expect(page.signedUrls).toHaveLength(2);
    expect(errors).toEqual([error]);
    expect(lark.state).toBe('failed');
  });

  it.each([104, 1012, 333440, 333447, 333448, 333449])('is not made anew after %d', async (errno) => {
    const { page, lark } = setUp();
    page.client = () => ({ errno, errMsg: 'config:fail' });
    const error = await failureOf(page, lark.ready());
    expect(error).toMatchObject({ code: errno, codeFrom: 'errno', detail: 'config:fail' });
    expect(error.message).toContain(error.advice);
    expect(page.signedUrls).toHaveLength(1);
  });

  it('is made for the URL in the text of 333441, which is kept for the pages that follow', async () => {
    const { page, lark } = setUp();
    page.history.pushState(null, '', '/b?x=1');
    const checked = `${AT}/entry?from=appcenter`;
    page.client = (url) => (url === checked ? undefined : invalidSignature(checked));
    await page.settle(lark.ready());
    page.history.pushState(null, '', '/c');
    expect(await page.settle(lark.ready())).toMatchObject({ url: `${AT}/c` });
    expect(page.signedUrls).toEqual([`${AT}/b?x=1`, checked, checked]);
  });

  it('is made for the chosen URL again when what was kept is refused', async () => {
    const { page, lark } = setUp();
    page.history.pushState(null, '', '/b');
    page.client = (url) => (url.endsWith('/landing') ? undefined : { errorCode: 333441 });
    await page.settle(lark.ready());
    page.history.pushState(null, '', '/c');
    page.client = (url) => (url.endsWith('/c') ? undefined : invalidSignature(`${AT}/c`));
    await page.settle(lark.ready());
    page.history.pushState(null, '', '/d');
    page.client = () => undefined;
    await page.settle(lark.ready());
    expect(page.signedUrls.map((url) => url.slice(AT.length))).toEqual([
      '/b',
      '/landing',
      '/landing',
      '/c',
      '/d',
    ]);
  });

  it.each([
    ['names another origin', 'https://h5.example.com.evil.com/'],
    ['names what was signed', `${AT}/b`],
    ['names no URL', ''],
  ])('is made for the landing URL when the text %s', async (_, named) => {
    const { page, lark } = setUp();
    page.history.pushState(null, '', '/b');
    page.client = (url) => (url.endsWith('/landing') ? undefined : invalidSignature(named));
    await page.settle(lark.ready());
    expect(page.signedUrls).toEqual([`${AT}/b`, `${AT}/landing`]);
  });

  it('is final when there is no other URL to try', async () => {
    const { page, lark } = setUp();
    page.client = (url) => invalidSignature(url);
    expect(await failureOf(page, lark.ready())).toMatchObject({ code: 333441 });
    expect(page.signedUrls).toHaveLength(1);
  });

  it('is reported to the signer after 333442, then made anew', async () => {
    const { page, lark } = setUp({ app: 'crm', tenantKey: 't1' });
    page.client = (_, attempt) => (attempt === 1 ? { errorCode: 333442 } : undefined);
    await page.settle(lark.ready());
    const { url, init } = page.requests[1]!;
    expect(url).toBe('https://signer.example.com/report?app=crm');
    expect(init).toMatchObject({ method: 'POST', keepalive: true });
    expect(JSON.parse(init.body!)).toEqual({
      appId: 'cli_1',
      tenantKey: 't1',
      url: `${AT}/landing`,
      timestamp: 1510045655000,
      nonceStr: 'n0nce',
      signature: 'signature-1',
      errorCode: 333442,
    });
    expect(page.signedUrls).toHaveLength(2);
  });

  it('is not reported where no signer is known', async () => {
    const { page, lark } = setUp({ endpoint: undefined, request: () => new FakePage().sign(AT) });
    page.client = (_, attempt) => (attempt === 1 ? { errorCode: 333442 } : undefined);
    await page.settle(lark.ready());
    expect(page.requests).toHaveLength(0);
    expect(page.configs).toHaveLength(2);
  });

  it.each([
    ['fails', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['hangs', () => new Promise<never>(() => {})],
  ])('is made anew even when the report %s', async (_, report) => {
    const { page, lark } = setUp();
    page.client = (_url, attempt) => (attempt === 1 ? { errorCode: 333442 } : undefined);
    const fetch = page.fetch.bind(page);
    page.fetch = (url, init) => (url.includes('/report') ? report() : fetch(url, init));
    await page.settle(lark.ready());
    expect(page.signedUrls).toHaveLength(2);
  });

  it.each([
    [
      { errno: 2601002, errCode: '333448', errMsg: 'x' },
      { code: 333448, codeFrom: 'errCode' },
    ],
    [
      { errno: 2601002, errMsg: 'authentication failed: 333449' },
      { code: 333449, codeFrom: 'text' },
    ],
    [
      { errorCode: 2601001, errorMessage: 'internal' },
      { code: 2601001, codeFrom: 'errorCode' },
    ],
    [
      { errno: 0, errCode: 424242 },
      { code: 424242, codeFrom: 'errCode', advice: '' },
    ],
    ['config fail', { code: undefined, detail: 'config fail' }],
    [undefined, { code: undefined, detail: '' }],
  ])('is read from %j', async (failure, expected) => {
    const { page, lark } = setUp();
    page.h5sdk!.config = (call) => (call as { onFail: (failure: unknown) => void }).onFail(failure);
    const error = await failureOf(page, lark.ready());
    expect(error).toMatchObject(expected);
    expect(error.cause).toBe(failure);
  });
});

describe('a client that answers otherwise', () => {
  it('may speak through h5sdk.error alone', async () => {
    const { page, lark } = setUp();
    page.client = () => 'hang';
    const ready = lark.ready();
    const failed = failureOf(page, ready);
    await page.pass(20);
    page.sdkErrorCallbacks[0]!({ errorCode: 333448 });
    await page.pass(1_000);
    expect(await failed).toMatchObject({ code: 333448 });
  });

  it('is not misread when h5sdk.error repeats, late, what onFail has said', async () => {
    const { page, lark } = setUp();
    page.client = (_, attempt) => (attempt === 1 ? { errorCode: 333443 } : undefined);
    const ready = lark.ready();
    await page.pass(35); // the second config is with the client
    expect(page.configs).toHaveLength(2);
    page.sdkErrorCallbacks[0]!({ errorCode: 333443 });
    expect(await page.settle(ready)).toMatchObject({ appId: 'cli_1' });
  });

  it('may never answer, which ends after ten seconds, and may be asked again', async () => {
    const { page, lark } = setUp();
    page.client = (_, attempt) => (attempt === 1 ? 'hang' : undefined);
    const failed = failureOf(page, lark.ready());
    await page.pass(10_100);
    expect(await failed).toMatchObject({ problem: 'TIMEOUT' });
    expect(await page.settle(lark.ready())).toMatchObject({ appId: 'cli_1' });
  });

  it('may reject a promise', async () => {
    const { page, lark } = setUp();
    page.h5sdk!.config = () => Promise.reject(new Error('no bridge'));
    expect(await failureOf(page, lark.ready())).toMatchObject({ detail: 'no bridge' });
  });
});

describe('a signer that does not sign', () => {
  it.each<[string, SignerAnswer, object]>([
    ['offline', 'offline', { problem: 'SIGNER_UNREACHABLE', status: undefined }],
    ['a signer that hangs', 'hang', { problem: 'SIGNER_UNREACHABLE', detail: 'timeout' }],
    [
      '503',
      { status: 503, body: { code: 'TICKET_UNAVAILABLE', detail: 'Later.' } },
      { problem: 'TICKET_UNAVAILABLE' },
    ],
    ['429', { status: 429, retryAfter: '1', body: { code: 'RATE_LIMITED' } }, { retryAfterSeconds: 1 }],
    ['a gateway', { status: 502, notJson: true }, { problem: 'REPLY_UNREADABLE', status: 502 }],
  ])('is asked three times when it is %s', async (_, answer, expected) => {
    const { page, lark, errors } = setUp();
    page.signer = () => answer;
    const call = lark.call('scanCode').catch((error: unknown) => error);
    const error = await failureOf(page, lark.ready());
    expect(await call).toBe(error);
    expect(error).toMatchObject(expected);
    expect(page.signedUrls).toHaveLength(3);
    expect(errors).toEqual([error]);
    // And nothing is stuck: once the signer is back, the next call works.
    page.signer = () => undefined;
    expect(await page.settle(lark.call('scanCode'))).toEqual({ result: 'scanned' });
  });

  it('is waited for as long as Retry-After says, and a bit', async () => {
    const { page, lark } = setUp();
    page.signer = (_, attempt) => (attempt === 1 ? { status: 503, retryAfter: '3', body: {} } : undefined);
    const ready = lark.ready();
    await page.pass(3_000);
    expect(page.signedUrls).toHaveLength(1);
    await page.pass(1_000);
    expect(page.signedUrls).toHaveLength(2);
    expect(await page.settle(ready)).toMatchObject({ appId: 'cli_1' });
  });

  it.each<[string, SignerAnswer, object]>([
    [
      'a refusal',
      { status: 403, body: { code: 'URL_NOT_ALLOWED', detail: 'Add the origin.', msg: 'Add the origin.' } },
      { problem: 'URL_NOT_ALLOWED', status: 403, detail: '403 Add the origin.' },
    ],
    ['a long Retry-After', { status: 503, retryAfter: '60', body: {} }, { retryAfterSeconds: 60 }],
    [
      'wrong credentials',
      { status: 503, body: { code: 'APP_MISCONFIGURED' } },
      { problem: 'APP_MISCONFIGURED' },
    ],
    ['a page in place of JSON', { notJson: true }, { problem: 'REPLY_UNREADABLE', status: 200 }],
    [
      'an envelope that says no',
      { body: { code: 7, msg: 'no' } },
      { problem: 'REPLY_UNREADABLE', detail: '200 no' },
    ],
    ['a signature under an error status', { status: 500, body: new FakePage().sign(AT) }, { status: 500 }],
  ])('is asked once when it answers with %s', async (_, answer, expected) => {
    const { page, lark } = setUp();
    page.signer = () => answer;
    expect(await failureOf(page, lark.ready())).toMatchObject(expected);
    expect(page.signedUrls).toHaveLength(1);
    expect(page.configs).toHaveLength(0);
  });

  it('may be the page’s own request: its failure is handed on, its silence ends after 30 seconds', async () => {
    const cause = new Error('401');
    const failing = setUp({ request: () => Promise.reject(cause) });
    expect(await failureOf(failing.page, failing.lark.ready())).toMatchObject({
      problem: 'REQUEST_FAILED',
      cause,
    });
    const silent = setUp({ request: () => new Promise(() => {}) });
    const failed = failureOf(silent.page, silent.lark.ready());
    await silent.page.pass(30_100);
    expect(await failed).toMatchObject({ problem: 'TIMEOUT' });
  });

  it('is no different when the page’s own signUrl throws', async () => {
    const { page, lark } = setUp({
      signUrl: () => {
        throw new RangeError('no route');
      },
    });
    expect(await failureOf(page, lark.ready())).toMatchObject({ detail: 'RangeError: no route' });
  });
});
