// The service of a soak: a process of its own, on ports that stay, which can be restarted and asked for its metrics.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createAppsFolder, type AppsFolder } from '../../support/apps-folder';
import { freePort } from '../../support/free-port';
import { waitUntil } from '../../support/wait-until';
import type { Sample } from './flatness';
import { soakAppsFile } from './soak-apps';

/** What a process's last words are kept of. */
const KEPT_STDERR_CHARACTERS = 5_000;
/** On a machine whose cores are all busy. */
const START_LIMIT_MS = 60_000;

/** The service, started and stopped. */
export class ServiceProcess {
  readonly port: number;
  /** The end of what the processes have said on stderr, with uncaught errors. */
  stderr = '';
  /** A process ended unexpectedly. */
  hasDied = false;
  readonly #main: string;
  readonly #adminPort: number;
  readonly #apps: AppsFolder;
  #env: Record<string, string> = {};
  #child: ChildProcess | undefined;

  private constructor(main: string, port: number, adminPort: number) {
    this.#main = main;
    this.port = port;
    this.#adminPort = adminPort;
    this.#apps = createAppsFolder({ 'apps.json': soakAppsFile() });
  }

  /** A service that will run the file `main`; it is not started yet. */
  static async prepare(main: string): Promise<ServiceProcess> {
    return new ServiceProcess(main, await freePort(), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when it is ready. */
  async start(platformUrl: string): Promise<void> {
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      LARK_APPS_FILE: this.#apps.path,
      LARK_DOMAIN: platformUrl,
      HOST: '127.0.0.1',
      PORT: String(this.port),
      ADMIN_PORT: String(this.#adminPort),
      // Every request comes from a client of its own, as behind a gateway.
      TRUST_PROXY: 'loopback',
      // Tickets live for seconds, tenants are strangers after every restart: allowances of a day would be used up by design.
      TICKET_CALLS_PER_HOUR: '10000',
      NEW_TENANTS_PER_MINUTE: '10000',
    };
    await this.#spawn();
    // Its first tickets come before the first fault.
    await waitUntil('the service to be ready', () => this.#answers('/readyz'), START_LIMIT_MS);
  }

  /** Ends it by `signal`, and starts another one in its place; resolves when that answers. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#end(signal);
    await this.#spawn();
  }

  /** Its metrics at this moment, after so many requests. */
  async sample(requests: number): Promise<Sample> {
    const response = await fetch(`http://127.0.0.1:${this.#adminPort}/metrics`);
    const text = await response.text();
    const read = (name: string): number => {
      const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
      if (value === undefined) throw new Error(`the metrics lack ${name}`);
      return Number(value);
    };
    return {
      requests,
      rssBytes: read('process_resident_memory_bytes'),
      heapBytes: read('nodejs_heap_size_used_bytes'),
      // Read from /proc; elsewhere the handles have to do.
      fileDescriptors: process.platform === 'linux' ? read('process_open_fds') : 0,
      handles: read('nodejs_active_handles_total'),
      lagP99Seconds: read('nodejs_eventloop_lag_p99_seconds'),
    };
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    this.#apps.remove();
  }

  async #spawn(): Promise<void> {
    const child = spawn(process.execPath, [this.#main], {
      // Its log is written, as in production, and is not read.
      stdio: ['ignore', 'ignore', 'pipe'],
      env: this.#env,
    });
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-KEPT_STDERR_CHARACTERS);
    });
    child.on('exit', () => {
      if (this.#child === child) this.hasDied = true;
    });
    const isUp = (): Promise<boolean> | true => this.hasDied || this.#answers('/healthz');
    await waitUntil('the service to answer', isUp, START_LIMIT_MS);
    if (this.hasDied) throw new Error(`the service ended: ${this.stderr}`);
  }

  /** Whether it says 200 at that path. */
  #answers(path: string): Promise<boolean> {
    return fetch(`${this.url}${path}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
