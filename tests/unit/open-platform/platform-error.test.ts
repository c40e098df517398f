import { findPlatformError, PlatformError } from '../../../src/open-platform/platform-error';

const endpoint = 'jsapi_ticket';

describe('a PlatformError', () => {
  it('says what happened and what to check', () => {
    const error = new PlatformError({
      endpoint: 'tenant_access_token',
      code: 10014,
      platformMessage: 'app secret invalid',
    });
    expect(error.message).toMatch(
      /^tenant_access_token: The platform answers code 10014 \(app secret invalid\)\. Check that LARK_APP_ID/,
    );
  });

  it.each([
    ['configuration', 10014, 60_000],
    // Of a configuration fault that may pass.
    ['configuration', 10013, undefined],
    ['quota', 99991403, 3_600_000],
    ['rate-limit', 99991400, 7_000],
    ['retry', 1500, undefined],
    ['token', 99991663, undefined],
  ])('asks for the wait of its kind: %s', (kind, code, retryAfterMs) => {
    const error = new PlatformError({ endpoint, code, retryAfterMs: 7_000 });
    expect(error).toMatchObject({ kind, code });
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  it('leaves a rate limit without a header to the exponential back-off', () => {
    expect(new PlatformError({ endpoint, code: 99991400 }).retryAfterMs).toBeUndefined();
  });

  it('waits as long as our own ceiling says', () => {
    const error = new PlatformError({ endpoint, reason: 'ceiling', retryAfterMs: 75_000 });
    expect(error).toMatchObject({ kind: 'rate-limit', reason: 'ceiling', retryAfterMs: 75_000 });
    expect(error.message).toContain('TICKET_CALLS_PER_HOUR');
  });

  it('makes one line of at most 200 characters of the platform’s text and log id', () => {
    const error = new PlatformError({
      endpoint,
      code: 1,
      platformMessage: `bad\r\n{"level":"fatal"}\u0000\u2028\u001b[31m${'xxx '.repeat(500)}`,
      logId: 'a\nb',
    });
    expect(error.platformMessage).toHaveLength(200);
    expect(error.message).not.toMatch(/\p{C}|\u2028/u);
    expect(error.platformMessage).toMatch(/^bad \{"level":"fatal"\} \[31mxxx xxx/);
    expect(error.logId).toBe('a b');
  });

  it.each([
    // 10,860 values, each of them the beginning of the next: 0.6 s when all are read.
    ['token:'.repeat(10_860), '[…]'],
    [`${'x'.repeat(1_985)} see token=t-g10ab, or not`, '[…] see […]'],
    [`${'x'.repeat(1_985)} see the long text`, '[…] see the long […]'],
  ])('reads whole words, of 2,000 characters at most: %#', (platformMessage, told) => {
    expect(new PlatformError({ endpoint, code: 1, platformMessage }).platformMessage).toBe(told);
  });

  it('leaves out what might be a ticket or token that the platform repeats', () => {
    const ticket = '0560604568baf296731aa37f0c8ebe3e049c19d7';
    const error = new PlatformError({ endpoint, code: 1, platformMessage: `ticket ${ticket} is bad` });
    expect(error.platformMessage).toBe('ticket […] is bad');
    expect(error.message).not.toContain(ticket);
  });

  it.each([
    ['invalid jsticket: g1014****, ask again', 'invalid jsticket: […] ask again'],
    ['token=t-g10ab is bad', 'token=[…] is bad'],
    ['"app_secret": "a1b2c3" is wrong', '"app_secret": […] is wrong'],
    ['ends with ****9f3a', 'ends with […]'],
    ['begins with t-g1014...', 'begins with […]'],
    ['invalid access token: expired', 'invalid access token: expired'],
    ['app cli_0123456789abcdef... no permission', 'app […] no permission'],
    ['code 10014, app secret invalid', 'code 10014, app secret invalid'],
  ])('leaves out parts of one: %s', (platformMessage, told) => {
    expect(new PlatformError({ endpoint, code: 1, platformMessage }).platformMessage).toBe(told);
  });
});

describe('finding it', () => {
  const error = new PlatformError({ endpoint, code: 1500 });

  it('sees through what wraps it', () => {
    expect(findPlatformError(error)).toBe(error);
    const wrapped = new Error('no ticket', { cause: new Error('no token', { cause: error }) });
    expect(findPlatformError(wrapped)).toBe(error);
  });

  it.each([undefined, null, 'text', {}, new Error('other')])('finds none in %p', (failure) => {
    expect(findPlatformError(failure)).toBeUndefined();
  });
});
