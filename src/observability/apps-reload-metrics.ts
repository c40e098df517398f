// Whether the apps file can be used, in numbers: said by each comparison, and nothing without an apps file.
import type { Clock } from '../base/clock';
import type { MetricFamily } from './prometheus';

/** Hears how the comparisons of the apps file end. */
export interface AppsReloadMetrics {
  /** The first one is of the file that was read at the start, or there would be none. */
  onCompared(isUsable: boolean): void;
  readonly families: readonly MetricFamily[];
}

/** Metrics whose names begin with `prefix`. */
export function createAppsReloadMetrics(prefix: string, clock: Clock): AppsReloadMetrics {
  let isUsableNow = false;
  let usableAtMs: number | undefined;
  let failures = 0;

  function family(
    name: string,
    type: MetricFamily['type'],
    help: string,
    value: (usableAtMs: number) => number,
  ): MetricFamily {
    return {
      ...{ name: `${prefix}apps_reload_${name}`, type, help },
      read: () => (usableAtMs === undefined ? [] : [{ value: value(usableAtMs) }]),
    };
  }

  return {
    onCompared(isUsable) {
      isUsableNow = isUsable;
      if (isUsable) usableAtMs = clock.wallMs();
      else failures += 1;
    },
    families: [
      family('usable', 'gauge', '0 while the apps file cannot be used.', () => Number(isUsableNow)),
      family(
        'usable_timestamp_seconds',
        'gauge',
        'When the apps file was last found usable.',
        (atMs) => atMs / 1_000,
      ),
      family('failures_total', 'counter', 'Comparisons that found the apps file unusable.', () => failures),
    ],
  };
}
