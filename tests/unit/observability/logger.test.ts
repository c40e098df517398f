// The log: its form, its level, and what it hides.
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessEntry } from '../../../src/http/access-entry';
import { createAccessLog } from '../../../src/observability/access-log';
import { createLogger, createStandardOutput } from '../../../src/observability/logger';
import { ServiceError } from '../../../src/base/errors';
import { FakeClock } from '../../support/fake-clock';

function setUp(level: 'debug' | 'info' | 'warn' = 'info') {
  const written: string[] = [];
  const logger = createLogger({
    level,
    destination: { write: (line) => void written.push(line) },
    clock: new FakeClock(),
  });
  const log = createAccessLog(logger);
  const accessLog = (entry: AccessEntry): void => {
    log(entry);
    log.flush();
  };
  return { logger, written, log, accessLog };
}

const ENTRY = {
  requestId: 'id',
  method: 'GET',
  route: '/config',
  endpoint: '/config',
  status: 200,
  durationMs: 0.123456,
  client: '127.0.0.1',
};

describe('createLogger', () => {
  it('writes one JSON object a line, with the given time and the name of the level', () => {
    const { logger, written } = setUp();
    logger.info({ port: 3000 }, 'listening');
    logger.debug('hidden');
    expect(written).toEqual([
      '{"level":"info","time":"2026-01-01T00:00:00.000Z","port":3000,"msg":"listening"}\n',
    ]);
  });

  it('redacts what was logged by mistake, three levels deep', () => {
    const { logger, written } = setUp();
    logger.info({
      ticket: 's3cret',
      reply: { app_secret: 's3cret', data: { ticket: 's3cret', expire_in: 7200 } },
    });
    logger.info({ request: { headers: { authorization: 's3cret', cookie: 's3cret' } } });
    expect(written.join('')).not.toContain('s3cret');
    expect(written.join('')).toContain('7200');
  });
});

/** Texts that become longer in JSON, each with what of it a cut could break in two. */
const LONG_TEXTS = ['a', '"', '\\', '\n', '\u0085', 'é', '😀'].map((character) => character.repeat(60_000));

describe('the length of a line', () => {
  it('is bounded, whatever text from outside is logged, and a line is still JSON', () => {
    const { logger, written } = setUp();
    for (const type of LONG_TEXTS) {
      logger.info({ type, faults: [type, 'short'], event: { header: { type } } }, 'an event');
      logger.warn(type);
    }
    expect(written).toHaveLength(2 * LONG_TEXTS.length);
    for (const line of written) {
      expect(Buffer.byteLength(line)).toBeLessThan(20_000);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    const [first] = written.map(
      (line) => JSON.parse(line) as { type: string; faults: string[]; msg: string },
    );
    expect(first!.type).toBe(`${'a'.repeat(1_000)}…`);
    expect(first!.faults).toEqual([`${'a'.repeat(1_000)}…`, 'short']);
    expect(first!.msg).toBe('an event');
  });

  it('leaves long lines of short texts as they are', () => {
    const { logger, written } = setUp();
    const origins = Array.from({ length: 200 }, (_, index) => `https://h5-${index}.example.com/"\\`);
    logger.info({ origins, numbers: Array.from({ length: 2_000 }, () => 12_345) }, 'starting');
    expect(JSON.parse(written[0]!)).toMatchObject({ origins, msg: 'starting' });
  });

  it('of a request is bounded too, whichever field is long', () => {
    const { accessLog, written } = setUp();
    for (const text of LONG_TEXTS) {
      const names = ['requestId', 'method', 'route', 'client', 'appId', 'pageOrigin'] as const;
      for (const name of [...names, 'unknownApp', 'tenantKey', 'pagePath', 'origin'] as const)
        accessLog({ ...ENTRY, [name]: text });
      let cause = new Error(text);
      for (let depth = 0; depth < 9; depth++) cause = new Error(text, { cause });
      accessLog({ ...ENTRY, status: 503, failure: new ServiceError('TICKET_UNAVAILABLE', 'x', { cause }) });
      accessLog({ ...ENTRY, status: 500, failure: new ServiceError('INTERNAL', 'x', { cause }) });
    }
    for (const line of written) expect(() => JSON.parse(line) as unknown).not.toThrow();
    const lengths = written.map((line) => Buffer.byteLength(line));
    // One character is six bytes at most; a chain of causes has five.
    expect(Math.max(...lengths)).toBeLessThan(5 * 6 * 4_100);
    const ofFields = written
      .filter((line) => !line.includes('"causes"'))
      .map((line) => Buffer.byteLength(line));
    expect(Math.max(...ofFields)).toBeLessThan(4_000);
  });

  it('keeps the longest origin and a stack in full', () => {
    const { accessLog, written } = setUp();
    const pageOrigin = `https://${'a'.repeat(253)}:65535`;
    const cause = new Error('bad');
    accessLog({ ...ENTRY, pageOrigin, failure: new ServiceError('INTERNAL', 'x', { cause }) });
    expect(JSON.parse(written[0]!)).toMatchObject({ pageOrigin, causes: [cause.stack] });
  });
});

describe('createAccessLog', () => {
  it('cannot be made to write a second line', () => {
    const { accessLog, written } = setUp();
    accessLog({ ...ENTRY, route: '/a\n{"level":"info"}\r\u2028', client: 'a\nb' });
    expect(written).toHaveLength(1);
    expect(written[0]!.trimEnd()).not.toMatch(/[\n\r]/);
  });

  it('cuts a route at its length and at any sign of a query', () => {
    const { accessLog, written } = setUp();
    for (const route of ['/a%3Fcode=x', '/a?code=x', '/a#x', `/${'b'.repeat(500)}`])
      accessLog({ ...ENTRY, route });
    const routes = written.map((line): unknown => JSON.parse(line).route);
    expect(routes.slice(0, 3)).toEqual(['/a…', '/a…', '/a…']);
    expect(routes[3]).toHaveLength(200);
  });

  it('rounds the duration to microseconds', () => {
    const { accessLog, written } = setUp();
    accessLog(ENTRY);
    expect(JSON.parse(written[0]!).durationMs).toBe(0.123);
  });

  it('tells no property of a cause but its name and message, and ends with a chain that does not', () => {
    const { accessLog, written } = setUp();
    const cause: Error = Object.assign(new Error('bad'), { input: 'https://h.cn/?code=s3cret' });
    cause.cause = cause;
    accessLog({ ...ENTRY, status: 503, failure: new ServiceError('TICKET_UNAVAILABLE', 'x', { cause }) });
    accessLog({ ...ENTRY, status: 500, failure: new ServiceError('INTERNAL', 'x', { cause: 's3cret' }) });
    expect(JSON.parse(written[0]!).causes).toEqual(Array(5).fill('Error: bad'));
    expect(JSON.parse(written[1]!).causes).toEqual(['not an Error but string']);
    expect(written.join('')).not.toContain('s3cret');
  });

  it('keeps to the level', () => {
    const { accessLog, written } = setUp('warn');
    accessLog(ENTRY);
    accessLog({ ...ENTRY, quiet: true });
    accessLog({ ...ENTRY, status: 404 });
    expect(written).toHaveLength(1);
  });

  it('keeps quiet what is quiet, unless the fault is ours', () => {
    const { accessLog, written } = setUp();
    accessLog({ ...ENTRY, status: 503, quiet: true });
    accessLog({ ...ENTRY, status: 500, quiet: true, failure: new ServiceError('INTERNAL', 'x') });
    expect(written.map((line): unknown => JSON.parse(line).level)).toEqual(['error']);
  });

  it('writes after the turn in which requests were answered, or when it is flushed', async () => {
    const { log, written } = setUp();
    log(ENTRY);
    log({ ...ENTRY, requestId: 'second' });
    expect(written).toEqual([]);
    await new Promise(setImmediate);
    expect(written.map((line): unknown => JSON.parse(line).requestId)).toEqual(['id', 'second']);
    log(ENTRY);
    log.flush();
    expect(written).toHaveLength(3);
    await new Promise(setImmediate);
    expect(written).toHaveLength(3);
  });
});

describe('createStandardOutput', () => {
  it('has written all lines, in their order, once it says so', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'log-')), 'log');
    const fd = openSync(path, 'w');
    const output = createStandardOutput(fd);
    const lines = Array.from({ length: 200 }, (_, number) => `{"line":${number}}\n`);
    for (const line of lines) output.write(line);
    await output.written?.();
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    closeSync(fd);
  });
});
