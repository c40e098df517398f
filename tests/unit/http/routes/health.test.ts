// Readiness: what it keeps of the apps that were asked for.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import express from 'express';
import request from 'supertest';
import { readinessRouter } from '../../../../src/http/routes/health';
import { FakeSigningApps, FakeSigningApp } from '../../../support/fake-signing-apps';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('keeps no app that a reload has removed', async () => {
  const apps = new FakeSigningApps();
  const agent = request(express().use(readinessRouter({ apps, isShuttingDown: () => false })));
  const removed: WeakRef<FakeSigningApp>[] = [];
  async function addAndRemove(name: string): Promise<void> {
    const app = new FakeSigningApp(name);
    removed.push(new WeakRef(app));
    jest.spyOn(apps, 'find').mockReturnValue(app);
    await agent.get(`/readyz?app=${name}`).expect(200);
    jest.restoreAllMocks();
  }
  for (let count = 0; count < 10; count += 1) await addAndRemove(`cli_${count}`);
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(removed.filter((app) => app.deref()).length).toBeLessThan(2);
});
