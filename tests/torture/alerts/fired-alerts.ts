// Which alerts fire over a series of scrapes: Prometheus' own rule engine, in promtool, with the `for` of every rule.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RULES = join(__dirname, '../../../docs/operations/alerts.yml');
/** The job of docs/operations/README.md. */
const TARGET = 'job="lark-jsapi-signer",instance="signer:9464"';

/** An alert that fired; seconds since the first scrape. */
export interface FiredAlert {
  readonly name: string;
  /** Empty where the alert is of the whole process. */
  readonly app: string;
  readonly fromSeconds: number;
  /** The last evaluation at which it fired. */
  readonly untilSeconds: number;
}

/** What Prometheus sees of one replica: a scrape every `everySeconds`, the first at `startMs`. */
export class ScrapedReplica {
  readonly #everySeconds: number;
  readonly #startMs: number;
  /** Values by series; `_` and `stale` as promtool has them. */
  readonly #series = new Map<string, string[]>();
  #scrapes = 0;

  constructor({ everySeconds, startMs }: { everySeconds: number; startMs: number }) {
    this.#everySeconds = everySeconds;
    this.#startMs = startMs;
  }

  get seconds(): number {
    return (this.#scrapes - 1) * this.#everySeconds;
  }

  /** The text of a scrape; undefined when nothing answered. */
  add(text: string | undefined): void {
    const seen = new Map([[`up{${TARGET}}`, text === undefined ? '0' : '1']]);
    for (const line of text?.split('\n') ?? []) {
      const [, name, labels = '', value] = /^(lark_jsapi_\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      // No rule looks at histograms, which are most of what there is.
      if (name === undefined || name.endsWith('_bucket')) continue;
      seen.set(`${name}{${TARGET}${labels && `,${labels}`}}`, this.#fromStart(name, value!));
    }
    for (const [name, value] of seen) this.#valuesOf(name).push(value);
    this.#scrapes += 1;
    for (const values of this.#series.values())
      if (values.length < this.#scrapes) values.push(['_', 'stale'].includes(values.at(-1)!) ? '_' : 'stale');
  }

  /** Evaluates every rule at every scrape. Throws where promtool does not understand a rule or a sample. */
  firedAlerts(): FiredAlert[] {
    const firing = 'ALERTS{alertstate="firing"}';
    const range = `[${this.seconds}s:${this.#everySeconds}s]`;
    const [from, until] = this.#evaluate([
      `min by (alertname, app) (min_over_time(timestamp(${firing})${range}))`,
      `max by (alertname, app) (max_over_time(timestamp(${firing})${range}))`,
    ]);
    return [...from!].map(([labels, fromSeconds]) => {
      const [, name = ''] = /alertname="(\w+)"/.exec(labels) ?? [];
      const [, app = ''] = /app="(\w+)"/.exec(labels) ?? [];
      return { name, app, fromSeconds, untilSeconds: until!.get(labels)! };
    });
  }

  /** promtool's time begins at 0. */
  #fromStart(name: string, value: string): string {
    return name.endsWith('_timestamp_seconds') ? String(Number(value) - this.#startMs / 1_000) : value;
  }

  #valuesOf(series: string): string[] {
    const values = this.#series.get(series) ?? Array.from({ length: this.#scrapes }, () => '_');
    this.#series.set(series, values);
    return values;
  }

  /** The values of each expression at the end, by their labels: promtool tells them where they are not those that are expected. */
  #evaluate(expressions: readonly string[]): Map<string, number>[] {
    const interval = `${this.#everySeconds}s`;
    const input_series = [...this.#series].map(([series, values]) => ({ series, values: values.join(' ') }));
    const promql_expr_test = expressions.map((expr) => ({
      expr,
      eval_time: `${this.seconds}s`,
      exp_samples: [],
    }));
    const tests = [{ interval, input_series, promql_expr_test }];
    const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
    try {
      const file = join(folder, 'test.json');
      // YAML takes JSON.
      writeFileSync(file, JSON.stringify({ rule_files: [RULES], evaluation_interval: interval, tests }));
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
      if (status === 0) return expressions.map(() => new Map<string, number>());
      const told = [...(stdout + stderr).matchAll(/^ +got: (.*)$/gm)].map(([, samples]) => samples!);
      if (told.length !== expressions.length) throw new Error(`promtool:\n${stdout}${stderr}`);
      return told.map(
        (samples) =>
          new Map(
            [...samples.matchAll(/(\{[^}]*\}) (\S+?)(?:,|$)/g)].map(([, labels, value]) => [
              labels!,
              Number(value),
            ]),
          ),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
