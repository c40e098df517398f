// One platform as its apps share it: where it is, how it is called, and what time it has.
import type { SettingNames } from '../base/setting-names';
import type { Clock } from '../base/clock';
import { createOpenPlatformClient, type CallReport, type OpenPlatformClient } from './open-platform-client';
import { PlatformClock, type ClockChange } from './platform-clock';
import type { Fetch } from './transport';

/** How a platform is reached and what is reported of it. */
export interface PlatformOptions {
  /** `https://open.feishu.cn`, or another base URL; it may hold a path. */
  baseUrl: string;
  fetch: Fetch;
  clock: Clock;
  /** Whether a wrong clock of ours is corrected, or only reported. */
  clockCorrection: boolean;
  /** How failures call the settings. Default: the variables of the service. */
  settings?: SettingNames;
  /** Called at the end of every call. */
  onCall?: (report: CallReport) => void;
  /** Called when our clock is found wrong, or right again. */
  onClockChange?: (change: ClockChange) => void;
}

/** A platform, shared by every app on it. */
export interface Platform {
  readonly baseUrl: string;
  readonly settings: SettingNames | undefined;
  readonly client: OpenPlatformClient;
  readonly time: PlatformClock;
  /** Stops measuring the time. The connections belong to the caller that made `fetch`. */
  close(): void;
}

/** Joins the client and the platform's clock: every reply of the one teaches the other. */
export function createPlatform(options: PlatformOptions): Platform {
  const { baseUrl, fetch, clock, clockCorrection: correction, settings } = options;
  const { onCall, onClockChange } = options;
  const client = createOpenPlatformClient({
    baseUrl,
    fetch,
    clock,
    settings,
    ...(onCall && { onCall }),
    onPlatformTime: (time) => {
      platformClock.observe(time);
    },
  });
  const platformClock = new PlatformClock({
    clock,
    correction,
    measure: (signal) => client.probe(signal),
  });
  if (onClockChange) platformClock.onChange(onClockChange);
  return {
    baseUrl,
    settings,
    client,
    time: platformClock,
    close: () => {
      platformClock.close();
    },
  };
}
