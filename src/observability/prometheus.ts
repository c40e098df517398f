// The declared metrics in the text format of Prometheus, followed by the process metrics of its client library.
import type * as promClient from 'prom-client';
import { Tally, type Sample } from './counters';

/** A metric that is read on a scrape. */
interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly read: () => Iterable<Sample>;
}

/** The reply to a scrape. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of the service, in the order of their declaration. */
export class MetricSet {
  readonly #prefix: string;
  readonly #families: MetricFamily[] = [];
  #ofProcess: promClient.Registry | undefined;

  /** Every name begins with `prefix`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `help` is one line without a backslash; `read` is called on every scrape. */
  add(type: MetricFamily['type'], name: string, help: string, read: MetricFamily['read']): void {
    this.#families.push({ name: this.#prefix + name, help, type, read });
  }

  counter(name: string, help: string, ...labels: readonly string[]): Tally {
    const tally = new Tally(...labels);
    this.add('counter', name, help, () => tally.samples());
    return tally;
  }

  /**
   * The reply to a scrape. The library's own metrics (CPU, memory, event-loop delay, garbage collection) begin with the first one:
   * loading it earlier would only delay the start.
   */
  async expose(): Promise<Exposition> {
    const registry = (this.#ofProcess ??= measureProcess());
    const ofProcess = await registry.metrics();
    return {
      contentType: registry.contentType,
      text: [...this.#families.map(render), ofProcess].join('\n\n'),
    };
  }
}

function measureProcess(): promClient.Registry {
  // oxlint-disable-next-line typescript/no-require-imports -- loaded on first use
  const { collectDefaultMetrics, Registry } = require('prom-client') as typeof promClient;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

function render({ name, help, type, read }: MetricFamily): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  for (const { suffix = '', labels = {}, value } of read()) {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
    lines.push(`${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`);
  }
  return lines.join('\n');
}

function escape(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
