// Writes metrics in the text form of Prometheus, and with them what its client library knows of the process.
import type * as promClient from 'prom-client';
import type { LatencySnapshot } from './latency-histogram';

/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it differs from the metric's own name, as those of a histogram do. */
  readonly metricName?: string;
}

/** A metric that is read when somebody scrapes. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly read: () => Iterable<Sample>;
}

/** What a scrape is answered with. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** The samples of one histogram. */
export function histogramSamples(
  name: string,
  { buckets, sumSeconds }: LatencySnapshot,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  return [
    ...buckets.map(({ upToSeconds, count }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: upToSeconds === Infinity ? '+Inf' : upToSeconds },
      value: count,
    })),
    { metricName: `${name}_sum`, labels, value: sumSeconds },
    { metricName: `${name}_count`, labels, value: buckets.at(-1)?.count ?? 0 },
  ];
}

/**
 * A function that reads `families` and writes them. The library's own metrics (CPU, memory, event-loop delay, garbage
 * collection) begin with the first scrape: loading it earlier would only delay the start.
 */
export function createExposition(families: readonly MetricFamily[]): () => Promise<Exposition> {
  let registry: promClient.Registry | undefined;

  function register(): promClient.Registry {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on first use
    const { collectDefaultMetrics, Registry } = require('prom-client') as typeof promClient;
    const created = new Registry();
    for (const { name, help, type, read } of families) {
      // Of a metric the registry asks its name and `get`: so ours need not be counted twice, once here and once there.
      const metric = { name, get: () => ({ name, help, type, aggregator: 'sum', values: [...read()] }) };
      created.registerMetric(metric as unknown as promClient.Metric);
    }
    collectDefaultMetrics({ register: created });
    return created;
  }

  return async function expose() {
    registry ??= register();
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
}
