// A bounded JSON body: what is read, what is refused and with which code, and a client that goes away.
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import express from 'express';
import request from 'supertest';
import * as z from 'zod';
import { asServiceError } from '../../../src/base/errors';
import { parseJson, readJson } from '../../../src/http/read-json';

const FORM = { schema: z.strictObject({ name: z.string() }), maxBytes: 20, expected: 'Send {"name"}.' };
const read: unknown[] = [];

function makeApp() {
  const app = express();
  app.post('/', async (received, response) => {
    try {
      const value = await readJson(received, FORM);
      read.push(value);
      response.json({ value });
    } catch (error) {
      const { code, message: detail } = asServiceError(error);
      response.json({ code, detail });
    }
  });
  return app;
}

beforeEach(() => {
  read.length = 0;
});

it.each([
  ['application/json', '{"name":"a"}'],
  ['application/json; charset=utf-8', '{"name":"a"}'],
  // At the limit to the byte.
  ['application/json', '{"name":"a"}        '],
])('reads %s %s', async (type, body) => {
  await request(makeApp())
    .post('/')
    .set('Content-Type', type)
    .send(body)
    .expect({ value: { name: 'a' } });
});

it.each([
  ['MEDIA_TYPE', 'text/plain', '{"name":"a"}'],
  ['BODY_TOO_LARGE', 'application/json', '{"name":"a"}         '],
  ['BODY_INVALID', 'application/json', '{"name":'],
  ['BODY_INVALID', 'application/json', '{"name":1}'],
  ['BODY_INVALID', 'application/json', '{"name":"","b":1}'],
  ['BODY_INVALID', 'application/json', 'null'],
])('refuses with %s, and says what to send', async (code, type, body) => {
  await request(makeApp())
    .post('/')
    .set('Content-Type', type)
    .send(body)
    .expect({ code, detail: FORM.expected });
});

it('resolves with undefined when the client goes away', async () => {
  const server = makeApp().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const closed = new Promise((resolve) => server.once('connection', (one) => one.once('close', resolve)));
  socket.write(
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"na',
    () => setTimeout(() => socket.destroy(), 50),
  );
  await closed;
  await new Promise(setImmediate);
  expect(read).toEqual([undefined]);
  server.close();
});

it('parses what is JSON', () => {
  expect(parseJson(Buffer.from('[1]'))).toEqual([1]);
  expect(parseJson(Buffer.from('[1'))).toBeUndefined();
});
