// Asks a server of this machine as a browser or program does that takes it for another one: fetch sets `Host` by itself.
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** What it answered. */
export interface Asked {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Sends `target` (`GET /metrics`) to `port` of 127.0.0.1 with `headers`, `Host` among them. */
export async function askAs(
  port: number,
  target: string,
  headers: OutgoingHttpHeaders,
  body = '',
): Promise<Asked> {
  const [method, path] = target.split(' ');
  const length = body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const sent = request({
    ...{ host: '127.0.0.1', port, method, path, agent: false },
    headers: { ...headers, ...length },
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode!, headers: response.headers, text: await text(response) };
}
