// A real redis-server (or sentinel) on a free loopback port, with nothing on disk but a temporary folder of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';

/** How to start a server. */
export interface RedisServerOptions {
  /** Further arguments, such as `--requirepass`. */
  args?: readonly string[];
  /** Lines of a configuration file; where they are given the server is a sentinel. */
  sentinel?: readonly string[];
  /** It is a node of a cluster. */
  cluster?: boolean;
  /** Taken for TLS; the server then speaks nothing else. */
  tls?: { certFile: string; keyFile: string };
}

/** A server of this machine, until `stop`. */
export class RedisServer {
  readonly port: number;
  /** The port of the nodes of a cluster among themselves. */
  readonly busPort: number;
  readonly #options: RedisServerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'redis-server-'));
  #child: ChildProcess | undefined;

  private constructor(port: number, busPort: number, options: RedisServerOptions) {
    this.port = port;
    this.busPort = busPort;
    this.#options = options;
  }

  /** Starts one; resolves when it accepts connections. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await freePort(), options);
    await server.restart();
    return server;
  }

  /** Starts it (again) on its port, empty. */
  async restart(): Promise<void> {
    const child = spawn('redis-server', this.#arguments(), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`redis-server ended:\n${log}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve();
      });
    });
  }

  /** SIGSTOP: it keeps its connections, accepts more, and answers none. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** SIGCONT. */
  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return; // not started, or ended by itself
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #arguments(): string[] {
    const { args = [], sentinel, tls, cluster = false } = this.#options;
    if (sentinel) {
      const file = join(this.#folder, 'sentinel.conf');
      writeFileSync(
        file,
        [`port ${this.port}`, 'bind 127.0.0.1', `dir ${this.#folder}`, ...sentinel].join('\n'),
      );
      return [file, '--sentinel'];
    }
    const listening = tls
      ? ['--port', '0', '--tls-port', String(this.port), '--tls-cert-file', tls.certFile].concat([
          '--tls-key-file',
          tls.keyFile,
          '--tls-auth-clients',
          'no',
        ])
      : ['--port', String(this.port)];
    const nothingOnDisk = ['--save', '', '--appendonly', 'no', '--dir', this.#folder];
    const inCluster = cluster ? ['--cluster-enabled', 'yes', '--cluster-port', String(this.busPort)] : [];
    return [...listening, '--bind', '127.0.0.1', ...inCluster, ...nothingOnDisk, ...args];
  }
}
