// The four carriers of the signing endpoint side by side: the service, the router, the handlers for `node:http` and for fetch answer the
// same requests alike, but for what the documents name.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import express from 'express';
import type { SigningApp } from '../../../src/apps/signing-app';
import { ServiceError } from '../../../src/base/errors';
import { createApp } from '../../../src/http/create-app';
import { createHttpServer } from '../../../src/http/server';
import { createFetchHandler } from '../../../src/library/fetch-handler';
import { jsapiRouter } from '../../../src/library/jsapi-router';
import { createNodeHandler } from '../../../src/library/node-handler';
import { FakeSigningApp, FakeSigningApps } from '../../support/fake-signing-apps';
import { filesIn } from '../../support/files-in';
import { createSeededRandom } from '../seeded-random';
import type { Facts } from './facts';
import { randomRequest } from './random-requests';
import { RawConnection, type RawReply } from './raw-connection';
import { serialise, type WireRequest } from './wire-request';

/** The outcome of a run. */
export interface CarriersReport {
  /** How many requests were compared at each carrier. */
  readonly compared: Readonly<Record<string, number>>;
  /** Statuses of the service that were met. */
  readonly statuses: ReadonlySet<number>;
  /** At most a few. */
  readonly differences: readonly string[];
}

const FACTS: Facts = {
  apps: [{ appId: 'cli_one', allowedOrigins: ['https://h5.example.com', 'http://localhost:*'] }],
  basePath: '/jsapi',
  compatRoutes: {},
  requestsPerMinute: 0,
  trustsProxy: false,
  h5SdkUrls: ['https://sdk.example.com/h5-1.js', 'https://sdk.example.com/h5-2.js'],
};
const [{ appId, allowedOrigins }] = FACTS.apps as [Facts['apps'][number]];

/** What the library serves; all else is the service's alone, or is not served. */
const SHARED = /^\/jsapi\/(?:config|report|errors|h5-sdk\.js)\/?$/;

/** Headers of the service around any reply, and those of the connection. */
const OWN_HEADERS =
  /^(?:date|connection|keep-alive|transfer-encoding|x-request-id|content-security-policy|cross-origin-\S+|origin-agent-cluster|referrer-policy|x-(?:content-type|dns|download|permitted|xss|powered)\S*)$/i;

/** One cause makes many differences: more than these tell nothing new. */
const MAX_DIFFERENCES = 10;

/** Sends `requests` random requests of `seed` to each carrier. */
export async function compareCarriers({
  requests,
  seed,
}: {
  requests: number;
  seed: number;
}): Promise<CarriersReport> {
  const dice = createSeededRandom(seed, 'carriers');
  const servers = startCarriers();
  const compared: Record<string, number> = { router: 0, 'node handler': 0, 'fetch handler': 0 };
  const statuses = new Set<number>();
  const differences: string[] = [];
  try {
    for (let sent = 0; sent < requests && differences.length < MAX_DIFFERENCES; sent += 1) {
      const request = randomRequest(dice, FACTS, { isLast: true });
      // Node itself answers what it does not expect, where the server is the user's.
      if (request.headers.some(([name]) => name.toLowerCase() === 'expect')) continue;
      const expected = await ask(servers['service']!, request);
      if (expected === undefined) continue;
      statuses.add(expected.status);
      // And what has too many headers, or no Host.
      if (expected.status === 431 || expected.body.toString().includes('header \\"Host\\"')) continue;
      for (const name of Object.keys(compared)) {
        if (name === 'fetch handler' && !isWhatFetchHolds(request)) continue;
        const reply = await ask(servers[name]!, request);
        compared[name]! += 1;
        const difference = describeDifference(request, expected, reply);
        if (difference !== undefined)
          differences.push(`${name}, request ${sent} of seed ${seed}: ${difference}`);
      }
    }
  } finally {
    for (const server of Object.values(servers)) server.close();
  }
  return { compared, statuses, differences };
}

function startCarriers(): Record<string, Server> {
  const signer = new FakeSigningApp(appId, allowedOrigins);
  signer.h5SdkUrls = FACTS.h5SdkUrls;
  const { basePath, h5SdkUrls } = FACTS;
  const service = createApp({
    apps: new OneApp(signer),
    publicFiles: filesIn(join(__dirname, '../../../public')),
    ...{ version: '1.2.3', basePath, h5SdkUrls },
  });
  const plain = (listener: RequestListener): Server =>
    createServer({ maxHeaderSize: 65_536, requireHostHeader: false }, listener);
  const handle = createFetchHandler(signer, { basePath });
  const servers = {
    service: createHttpServer(service),
    router: plain(express().disable('x-powered-by').use(basePath, jsapiRouter(signer))),
    'node handler': plain(createNodeHandler(signer, { basePath })),
    'fetch handler': plain(function bridge(request, response) {
      void toRequest(request)
        .then(handle)
        .then(async (reply) => {
          response.writeHead(reply.status, Object.fromEntries(reply.headers));
          response.end(Buffer.from(await reply.arrayBuffer()));
        });
    }),
  };
  for (const server of Object.values(servers)) server.listen(0, '127.0.0.1');
  return servers;
}

/** Names no app that the service has, in the words of the library. */
class OneApp extends FakeSigningApps {
  override find(name: string | undefined): SigningApp {
    if (name === undefined || name === appId) return super.find(name);
    throw new ServiceError('APP_UNKNOWN', 'There is no such app here. Omit the parameter "app".');
  }
}

/** As the adapters of fetch frameworks make it. */
async function toRequest(request: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headers } = request;
  const body = await buffer(request);
  return new Request(new URL(url, 'http://back-end.example'), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'expect' ? [] : [[name, String(value)] as [string, string]],
    ),
    ...(!['GET', 'HEAD'].includes(method) && { body }),
  });
}

/** A `Request` holds its URL as the standard writes it, and neither every method nor a body with GET. */
function isWhatFetchHolds({ method, target }: WireRequest): boolean {
  const relative = target.replace(/^http:\/\/[^/]*/, '');
  const { pathname, search } = new URL(`http://back-end.example${relative}`);
  return pathname + search === relative.replace(/\?$/, '') && /^(?:GET|HEAD|POST|PUT|OPTIONS)$/.test(method);
}

async function ask(server: Server, request: WireRequest): Promise<RawReply | undefined> {
  if (!server.listening) await once(server, 'listening');
  const connection = await RawConnection.open((server.address() as AddressInfo).port);
  try {
    connection.write(serialise(request));
    return await connection.read(request.method);
  } finally {
    connection.close();
  }
}

function describeDifference(
  { method, target }: WireRequest,
  expected: RawReply,
  reply: RawReply | undefined,
): string | undefined {
  const path = target.replace(/^http:\/\/[^/]*/, '').replace(/\?.*/s, '');
  const of = (text: string) => `${method} ${JSON.stringify(target.slice(0, 300))}: ${text}`;
  if (!reply) return of('no reply');
  if (!SHARED.test(path)) return reply.status === 404 ? undefined : of(`${reply.status} at a path of nobody`);
  const [wanted, got] = [summarise(expected), summarise(reply)];
  return wanted === got ? undefined : of(`\n  service: ${wanted}\n  carrier: ${got}`);
}

/** What both have to say alike. */
function summarise({ status, headers, body }: RawReply): string {
  const kept = headers
    .filter(([name]) => !OWN_HEADERS.test(name))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .sort();
  const text = body.toString().replace(/"requestId":"[^"]*"/, '"requestId":"…"');
  return `${status} ${kept.join(' | ')} ${text.length > 2_000 ? `${text.length} characters` : text}`;
}
