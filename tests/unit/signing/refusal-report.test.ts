// Which reports are believed: a signature over the ticket in use, made within ten minutes, refused for its ticket.
import { isGenuineReport, parseRefusalReport, type RefusalReport } from '../../../src/signing/refusal-report';
import { signature } from '../../../src/signing/signature';

const MINUTE = 60_000;
const NOW_MS = 1_767_225_600_000;
const context = { appId: 'cli_one', ticket: 'the-ticket', nowMs: NOW_MS };

/** A report of a signature that was made here, of a page of 8,192 characters at most. */
function genuine(more: Partial<RefusalReport> = {}, ticket = context.ticket): RefusalReport {
  const signed = {
    url: 'https://h5.example.com/飞书?a=1&b=%20',
    timestamp: NOW_MS - MINUTE,
    nonceStr: 'n',
    ...more,
  };
  return {
    appId: 'cli_one',
    errorCode: 333442,
    signature: signature({ ticket, ...signed }),
    ...signed,
    ...more,
  };
}

describe('isGenuineReport', () => {
  it('believes a signature over the ticket in use', () => {
    expect(isGenuineReport(genuine(), context)).toBe(true);
    expect(isGenuineReport(genuine({ tenantKey: 'any' }), context)).toBe(true);
  });

  it.each([
    ['of another ticket', genuine({}, 'an-older-ticket')],
    ['of another app', genuine({ appId: 'cli_two' })],
    ['refused for its URL', genuine({ errorCode: 333441 })],
    ['with another URL than was signed', { ...genuine(), url: 'https://h5.example.com/' }],
    ['with another nonce', { ...genuine(), nonceStr: 'm' }],
    ['with another time', { ...genuine(), timestamp: NOW_MS }],
    ['in capital letters', { ...genuine(), signature: genuine().signature.toUpperCase() }],
    ['that is empty', { ...genuine(), signature: '' }],
    ['of as many characters but more bytes', { ...genuine(), signature: 'é'.repeat(40) }],
    ['with a part more', { ...genuine(), signature: `${genuine().signature}0` }],
  ])('does not believe one %s', (_what, report) => {
    expect(isGenuineReport(report, context)).toBe(false);
  });

  it.each([
    [0, true],
    [-10 * MINUTE, true],
    [10 * MINUTE, true],
    [-10 * MINUTE - 1, false],
    [10 * MINUTE + 1, false],
    [NaN, false],
    [-Infinity, false],
  ])('made %d ms from now: %s', (offsetMs, believed) => {
    expect(isGenuineReport(genuine({ timestamp: NOW_MS + offsetMs }), context)).toBe(believed);
  });
});

describe('parseRefusalReport', () => {
  it('takes what the browser helper sends, and drops what it does not know', () => {
    expect(parseRefusalReport(JSON.parse(JSON.stringify({ ...genuine(), more: 1 })))).toEqual(genuine());
    expect(parseRefusalReport({ ...genuine(), tenantKey: 't' })).toEqual(genuine({ tenantKey: 't' }));
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    {},
    { ...genuine(), appId: 1 },
    { ...genuine(), timestamp: '1' },
    { ...genuine(), errorCode: '333442' },
    { ...genuine(), url: `https://h5.example.com/${'x'.repeat(8_192)}` },
  ])('takes nothing else: %#', (value) => {
    expect(parseRefusalReport(value)).toBeUndefined();
  });
});
