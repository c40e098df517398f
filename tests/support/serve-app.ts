// Serves an app of fakes over HTTP, for tests of single routes.
import type { Server } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { createApp, type AppParts } from '../../src/http/create-app';
import { createHttpServer } from '../../src/http/server';
import { FakeClock } from './fake-clock';
import { FakeSigningApps, FakeSigningApp } from './fake-signing-apps';
import { filesIn } from './files-in';

export interface ServedApp {
  readonly agent: ReturnType<typeof request>;
  /** Found when a request names none; signs for https://h5.example.com. */
  readonly signing: FakeSigningApp;
  readonly server: Server;
  close(): void;
}

export function serveApp(parts: Partial<AppParts> = {}): ServedApp {
  const signing = new FakeSigningApp('cli_one', ['https://h5.example.com']);
  const clock = new FakeClock();
  const app = createApp({
    apps: new FakeSigningApps(signing, new FakeSigningApp('cli_two')),
    publicFiles: filesIn(join(__dirname, '../../public')),
    version: '1.2.3',
    clock,
    newRequestId: () => 'fresh-id',
    ...parts,
  });
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  return { agent: request(server), signing, server, close: () => server.close() };
}
