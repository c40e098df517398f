// A few seconds of `npm run torture -- soak`, and that it would notice.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundleMain } from '../../support/run-main';
import { faultSchedule } from './fault-schedule';
import { judgeFlatness, MIN_JUDGED_REQUESTS, leastSquares, type Sample } from './flatness';
import { Judge } from './judge';
import { runSoak } from './run-soak';
import { APPS } from './soak-apps';
import { SoakPlatform } from './soak-platform';
import { Traffic } from './traffic';

/** Ten times as fast as usual, and a seed whose first three seconds hold a revocation, a restart and a fault. */
const SAMPLE = { lastsMs: 3_000, pace: 10, seed: 262 };

test('under mixed traffic and faults no signature is wrong, and every failure is explained', async () => {
  const { examples, wrong, unexplained, signatures, events, restarts, isGood } = await runSoak(SAMPLE);
  expect(examples).toEqual([]);
  expect({ wrong, unexplained, isGood }).toEqual({ wrong: 0, unexplained: 0, isGood: true });
  expect(signatures).toBeGreaterThan(0);
  expect(events).toMatchObject({ revoke: 1, restart: 1 });
  expect(restarts).toBe(1);
});

test('a service that signs one page in 1,000 wrongly is found out', async () => {
  // The bundle itself, without the check of Node's version before it.
  const main = bundleMain().replace(/\.js$/, '-program.js');
  const right = readFileSync(main, 'utf8');
  const wrong = right.replace(
    /\(0, ?[\w.]+\)\("sha1", ?stringToSign\((\w+)\), ?"hex"\)/,
    (call, input: string) => `(/\\/page\\/\\d*000\\b/.test(${input}.url) ? '0'.repeat(40) : ${call})`,
  );
  // A text of half a megabyte is not to be printed.
  expect(wrong === right).toBe(false);
  const broken = main.replace(/\.js$/, '-wrong.js');
  writeFileSync(broken, wrong);
  try {
    const report = await runSoak({ requests: 1_500, seed: 1, main: broken });
    expect(report.wrong).toBeGreaterThan(0);
    expect(report.isGood).toBe(false);
    expect(report.examples[0]).toMatch(/^wrong: over no ticket of the app: page/);
  } finally {
    rmSync(broken);
  }
});

test('a seed gives the same faults and the same requests', () => {
  const faults = (seed: number) => {
    const schedule = faultSchedule(seed);
    return Array.from({ length: 500 }, () => schedule.next().value);
  };
  const requests = (seed: number) => {
    const traffic = new Traffic(seed);
    return Array.from({ length: 500 }, () => traffic.next().text);
  };
  expect(faults(7)).toEqual(faults(7));
  expect(faults(7)).not.toEqual(faults(8));
  expect(requests(7)).toEqual(requests(7));
  expect(requests(7)).not.toEqual(requests(8));
});

describe('the rule for refusals', () => {
  const [app] = APPS;
  const platform = new SoakPlatform();
  for (const added of APPS) platform.sandbox.addApp({ ...added, appSecret: 's', trustedDomains: [] });
  const flight = () => ({
    request: {
      kind: 'page',
      text: 'GET /',
      wants: { app: app!, pageUrl: 'https://main.example.com/', shape: 'config' as const },
    },
    sentMs: performance.now(),
    sentPlatformMs: platform.sandbox.nowMs(),
  });
  const judged = (code: string) => {
    const judge = new Judge(platform, () => undefined);
    judge.reply(flight(), 503, JSON.stringify({ code }));
    return judge.counts;
  };

  it('explains none without a fault, and one of the fault’s kind with it', () => {
    expect(judged('TICKET_UNAVAILABLE')).toMatchObject({ explained: 0, unexplained: 1 });
    const end = platform.begin({
      ...{ kind: 'fault', afterMs: 0, lastsMs: 1 },
      fault: { kind: 'http-error', appId: app!.appId },
    });
    expect(judged('TICKET_UNAVAILABLE')).toMatchObject({ explained: 1, unexplained: 0 });
    expect(judged('APP_MISCONFIGURED')).toMatchObject({ explained: 0, unexplained: 1 });
    expect(judged('INTERNAL')).toMatchObject({ explained: 0, unexplained: 1 });
    end();
  });

  it('counts what has no reply, unless the service was being restarted', () => {
    const judge = new Judge(platform, () => undefined);
    judge.cut([flight()], 'reset', true);
    judge.cut([flight()], 'reset', false);
    expect(judge.counts).toMatchObject({ cutOff: 1, unexplained: 1 });
  });
});

describe('flatness', () => {
  const samples = (bytesPerRequest: number, requests: number): Sample[] =>
    Array.from({ length: 100 }, (_, index) => {
      const done = (requests / 99) * index;
      // Steep while the process warms up; then a saw-tooth of 20 MB.
      const warming = Math.min(done, requests / 3) * 100;
      const bytes = 50e6 + warming + (index % 7) * 3e6 + done * bytesPerRequest;
      return {
        requests: done,
        rssBytes: bytes,
        heapBytes: 0,
        fileDescriptors: 9,
        handles: 9,
        lagP99Seconds: 0,
      };
    });
  const memory = (bytesPerRequest: number, requests: number) =>
    judgeFlatness(samples(bytesPerRequest, requests))[0]!;

  it('finds 16 bytes a request under a saw-tooth, and takes the saw-tooth alone for flat', () => {
    expect(memory(16, 5e6)).toMatchObject({ isJudged: true, isFlat: false });
    expect(memory(16, 5e6).perMillion).toBeCloseTo(16, 0);
    expect(memory(0, 5e6)).toMatchObject({ isJudged: true, isFlat: true });
    expect(memory(1_000, MIN_JUDGED_REQUESTS - 1)).toMatchObject({ isJudged: false, isFlat: true });
  });

  it('is the slope of the nearest line', () => {
    const points = [0, 1, 2, 3].map((x) => [x, 5 + 2 * x] as const);
    expect(leastSquares(points)).toEqual({ slope: 2, mean: 8 });
    expect(leastSquares([[1, 1]])).toEqual({ slope: 0, mean: 1 });
  });
});
