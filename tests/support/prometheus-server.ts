// A real Prometheus over samples that a test collected: blocks made by promtool, queried over HTTP.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { waitUntil } from './wait-until';

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusServer {
  /** An instant query at `atMs`; rejects when Prometheus does not accept it. */
  query(expression: string, atMs: number): Promise<QueryResult[]>;
  close(): Promise<void>;
}

/** Scrapes put together as OpenMetrics: every family once, its samples with the time of their scrape. */
export class ScrapeRecord {
  /** By the lines that describe a family. */
  readonly #families = new Map<string, string[]>();

  add(text: string, atMs: number): void {
    for (const family of text.trim().split('\n\n')) {
      const lines = family.split('\n');
      const samples = lines.filter((line) => !line.startsWith('#')).map((line) => `${line} ${atMs / 1_000}`);
      // A counter is described without the end of its name, there.
      const head = lines
        .filter((line) => line.startsWith('# TYPE'))
        .map((line) => line.replace(/_total counter$/, ' counter'))
        .join('\n');
      this.#families.set(head, [...(this.#families.get(head) ?? []), ...samples]);
    }
  }

  toString(): string {
    const families = [...this.#families].map(([head, samples]) => [head, ...samples].join('\n'));
    return `${families.join('\n')}\n# EOF\n`;
  }
}

export async function startPrometheus(record: ScrapeRecord): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  writeFileSync(join(folder, 'metrics.txt'), record.toString());
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const data = join(folder, 'data');
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics.txt'), data], {
    stdio: 'pipe',
  });
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      // The samples are of another year.
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${new URL(baseUrl).host}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');

  const isReady = (): Promise<boolean> =>
    fetch(`${baseUrl}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitUntil('Prometheus is ready', isReady, 30_000);

  return {
    async query(expression, atMs) {
      const parameters = new URLSearchParams({ query: expression, time: String(atMs / 1_000) });
      const reply = await fetch(`${baseUrl}/api/v1/query?${parameters.toString()}`);
      const { status, error, data } = (await reply.json()) as {
        status: string;
        error?: string;
        data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      if (status !== 'success' || !data) throw new Error(`${expression}: ${error}`);
      return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
