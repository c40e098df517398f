import { PlatformError } from '../../../src/open-platform/platform-error';
import { toServiceError } from '../../../src/open-platform/to-service-error';

const endpoint = 'jsapi_ticket';

describe('the error for a caller without a ticket', () => {
  it('names the platform’s code and what to check when an operator must act', () => {
    const error = new PlatformError({ endpoint, code: 99991401, platformMessage: 'ip 1.2.3.4 is denied' });
    const told = toServiceError(error, 42_000);
    expect(told).toMatchObject({ code: 'APP_MISCONFIGURED', status: 503, cause: error });
    expect(told.message).toMatch(/code 99991401\. Add .*IP allow-list/);
  });

  it.each([10014, 99991400, 99991403, 1500, 99991663, 4711])(
    'says nothing in the platform’s words: code %d',
    (code) => {
      const error = new PlatformError({
        endpoint,
        code,
        platformMessage: 'secret abcd is wrong, jsticket: g1014****',
      });
      expect(toServiceError(error, 1).message).not.toMatch(/abcd|g1014|jsticket/);
    },
  );

  it.each([
    [{ code: 99991400 }, /limits the rate of our calls/],
    [{ code: 99991403 }, /monthly quota/],
    [{ code: 10500 }, /The platform has a failure.*10500/],
    [{ code: 99991663 }, /99991663/],
    [{ reason: 'timeout' }, /does not answer in time/],
    [{ reason: 'connection', note: 'ECONNREFUSED' }, /connection .* fails \(ECONNREFUSED\)/],
    [{ reason: 'tls' }, /LARK_CA_FILE/],
    [{ reason: 'ceiling' }, /ceiling of ticket calls is reached/],
    [{ reason: 'http-status', httpStatus: 502 }, /\(502\).*LARK_DOMAIN/],
  ] as const)('says what the platform did and that the service tries again: %j', (details, text) => {
    const told = toServiceError(new PlatformError({ endpoint, ...details }), 4_200);
    expect(told).toMatchObject({ code: 'TICKET_UNAVAILABLE', status: 503, retryAfterSeconds: 5 });
    expect(told.message).toMatch(text);
    expect(told.message).toMatch(/The service tries again by itself; ask again in 5 s\.$/);
  });

  it('finds the platform’s failure among the causes of another error', () => {
    const root = new PlatformError({ endpoint: 'tenant_access_token', code: 10014 });
    const wrapped = new Error('no ticket', { cause: new Error('no token', { cause: root }) });
    expect(toServiceError(wrapped, 1).code).toBe('APP_MISCONFIGURED');
  });

  it.each([undefined, 'a string', new Error('the load took over 15000 ms')])(
    'has an answer for anything: %p',
    (failure) => {
      const told = toServiceError(failure, 0);
      expect(told).toMatchObject({ code: 'TICKET_UNAVAILABLE', retryAfterSeconds: 1 });
      expect(told.message).toMatch(/^The ticket could not be fetched\. The service tries again/);
    },
  );

  it('is not caught in a circle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toServiceError(error, 0).code).toBe('TICKET_UNAVAILABLE');
  });
});
