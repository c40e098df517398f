// What the platform returns to an app: its time, a token, a ticket. The calls are those of the service, made once.
import type { Clock, Timed } from '../../base/clock';
import type { AppSettings } from '../../apps/app-settings';
import { createOpenPlatformClient, type PlatformTime } from '../../open-platform/open-platform-client';
import { findPlatformError } from '../../open-platform/platform-error';
import type { Fetch } from '../../open-platform/transport';
import type { Secret } from '../../base/secret';
import { fingerprint } from '../../base/fingerprint';
import type { Finding } from './finding';

/** What a call to the platform needs. */
export interface PlatformIo {
  fetch: Fetch;
  clock: Clock;
  /** Whether signatures carry the platform's time when ours is off. */
  clockCorrection: boolean;
}

/** From here on the service signs with the platform's time. */
const CLOCK_TOLERANCE_MS = 30_000;
/** `Date` is cut to whole seconds: on the average it is half a second old. */
const HALF_SECOND_MS = 500;

/** Findings on the platform's clock at `baseUrl`. Never rejects. */
export async function checkClock(baseUrl: string, io: PlatformIo): Promise<Finding> {
  const { fetch, clock, clockCorrection } = io;
  const about = { check: 'clock', subject: new URL(baseUrl).host } as const;
  const reported: { offsetMs?: number } = {};
  const client = createOpenPlatformClient({
    baseUrl,
    fetch,
    clock,
    onPlatformTime({ platformMs, sentMonotonicMs, receivedMonotonicMs }: PlatformTime) {
      const ageMs = clock.monotonicMs() - (sentMonotonicMs + receivedMonotonicMs) / 2;
      reported.offsetMs = platformMs + HALF_SECOND_MS + ageMs - clock.wallMs();
    },
  });
  await client.probe().catch(() => undefined);
  if (reported.offsetMs === undefined) {
    const finding =
      'the platform’s time is not known: it did not answer as the platform does, or with a date before 2025 or after 2049.';
    return { ...about, verdict: 'note', finding };
  }
  const seconds = Math.round(Math.abs(reported.offsetMs) / 1_000);
  if (Math.abs(reported.offsetMs) < CLOCK_TOLERANCE_MS)
    return {
      ...about,
      verdict: 'good',
      finding: `our clock agrees with the platform's (${seconds} s apart).`,
    };
  return {
    ...about,
    verdict: clockCorrection ? 'note' : 'wrong',
    finding: `our clock is ${seconds} s ${reported.offsetMs > 0 ? 'behind' : 'ahead of'} the platform's${clockCorrection ? '; signatures carry the platform’s time' : ''}.`,
    advice: 'Set the clock of this machine (NTP).',
  };
}

/** Findings on token and ticket of `app`; costs one call of each. Never rejects. */
export async function checkApp(app: AppSettings, io: PlatformIo): Promise<Finding[]> {
  const { appId, appSecret, platformBaseUrl: baseUrl } = app;
  if (app.type === 'store') {
    const finding = 'a store app: its tickets need an app ticket, which comes by event, and a tenant.';
    return [
      {
        check: 'token',
        subject: appId,
        verdict: 'note',
        finding,
        advice: 'Ask GET /admin/apps of the service.',
      },
    ];
  }
  const client = createOpenPlatformClient({ baseUrl, fetch: io.fetch, clock: io.clock });
  let token: Timed<Secret>;
  try {
    token = await client.tenantAccessToken({ appId, appSecret });
  } catch (error) {
    return [refused('token', appId, error)];
  }
  const findings = [issued('token', appId, token.lifeMs)];
  try {
    const { value, lifeMs } = await client.jsapiTicket(token.value);
    findings.push(issued('ticket', appId, lifeMs, ` Its fingerprint is ${fingerprint(value)}.`));
  } catch (error) {
    findings.push(refused('ticket', appId, error));
  }
  return findings;
}

function issued(check: 'token' | 'ticket', subject: string, lifeMs: number, more = ''): Finding {
  // Whole minutes: lives are of two hours.
  const finding = `the platform gives one that lives ${Math.round(lifeMs / 60_000)} more minutes.${more}`;
  return { check, subject, verdict: 'good', finding };
}

function refused(check: 'token' | 'ticket', subject: string, error: unknown): Finding {
  const failure = findPlatformError(error);
  if (failure === undefined) {
    const finding = `it cannot be had (${error instanceof Error ? error.name : 'unknown'}).`;
    return { check, subject, verdict: 'wrong', finding, advice: 'This is a bug of the doctor.' };
  }
  const { code, summary, platformMessage, logId, advice } = failure;
  const words = code === undefined ? summary : `${code} ${platformMessage ?? 'without a message'}.`;
  const finding = `${words}${logId === undefined ? '' : ` (log id ${logId})`}`;
  return { check, subject, verdict: 'wrong', finding, advice };
}
