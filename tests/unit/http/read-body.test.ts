// The body of a request, whole or cut, and what it takes while it comes.
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readBody } from '../../../src/http/read-body';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function createRequest(): PassThrough & IncomingMessage {
  return new PassThrough() as unknown as PassThrough & IncomingMessage;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('joins what comes in pieces', async () => {
  const request = createRequest();
  const body = readBody(request, 10);
  request.write('01234');
  request.write('5678');
  request.end('9');
  expect(String(await body)).toBe('0123456789');
});

it('gives one byte more than the limit of a longer one, before its end', async () => {
  const request = createRequest();
  const body = readBody(request, 10);
  request.write('01234');
  request.write('56789abc');
  expect(String(await body)).toBe('0123456789a');
});

it('gives an empty one for none', async () => {
  const request = createRequest();
  request.end();
  expect(String(await readBody(request, 10))).toBe('');
});

it('is undefined when the client went away, before or meanwhile', async () => {
  const request = createRequest();
  const body = readBody(request, 10);
  request.write('0');
  request.destroy(new Error('reset'));
  expect(await body).toBeUndefined();
  expect(await readBody(request, 10)).toBeUndefined();
});

it('keeps nothing of a body that was read, while its request lives', async () => {
  const request = createRequest();
  const bodyOf = async (): Promise<WeakRef<ArrayBufferLike>> => {
    const body = readBody(request, 100_000);
    request.end(Buffer.alloc(80_000));
    return new WeakRef((await body)!.buffer);
  };
  const body = await bodyOf();
  await nextTurn();
  collectGarbage();
  expect(body.deref()).toBeUndefined();
  expect(request.destroyed).toBe(true);
});

it('keeps 80,000 chunks of one byte in one buffer', async () => {
  const request = createRequest();
  const body = readBody(request, 81_920);
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  for (let count = 0; count < 80_000; count += 1) {
    request.write(Buffer.alloc(1, 'x'));
    // The stream in between keeps nothing either.
    if (count % 1_000 === 0) await nextTurn();
  }
  await nextTurn();
  collectGarbage();
  const now = process.memoryUsage();
  // A list of them takes 17 MB.
  expect(now.heapUsed - heapUsed + now.arrayBuffers - arrayBuffers).toBeLessThan(3_000_000);
  request.end();
  expect(await body).toHaveLength(80_000);
});
