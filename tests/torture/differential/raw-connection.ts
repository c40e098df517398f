// A client of few words: writes bytes to a socket and reads replies off it, strictly, without an HTTP library in between.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A reply, read byte by byte. */
export interface RawReply {
  readonly status: number;
  /** In the order they came; names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Statuses whose replies have no body, whatever their headers say (RFC 9110, 6.4.1). */
const BODILESS = [204, 304];

/** A connection; `read` throws when what comes is not HTTP/1.1 with a `Content-Length`. */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isEnded = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const end = (): void => {
      this.#isEnded = true;
      this.#wake();
    };
    // A reset while we still write is an end like any other: what was received before is judged.
    socket.on('end', end).on('close', end).on('error', end);
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next final reply to a request of `method`; interim ones (1xx) are passed over. Undefined at the end. */
  async read(method: string): Promise<RawReply | undefined> {
    for (;;) {
      const headEnd = await this.#until(() => this.#received.indexOf('\r\n\r\n') + 1);
      if (headEnd === undefined) {
        if (this.#received.length > 0) throw new Error(`half a reply: ${this.#received.toString('latin1')}`);
        return undefined;
      }
      const head = this.#take(headEnd - 1).toString('latin1');
      this.#take(4); // the empty line
      const reply = parseHead(head);
      if (reply.status < 200) continue;
      const length = BODILESS.includes(reply.status) || method === 'HEAD' ? 0 : bodyLength(reply, head);
      if ((await this.#until(() => this.#received.length >= length)) === undefined)
        throw new Error(`the reply ends before its Content-Length: ${head}`);
      return { ...reply, body: this.#take(length) };
    }
  }

  /** Whether the server ends the connection, without another byte. */
  async isEndedCleanly(): Promise<boolean> {
    await this.#until(() => this.#received.length);
    return this.#received.length === 0;
  }

  /** What has come and was not asked for. */
  get rest(): string {
    return this.#received.toString('latin1');
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What `look` gives once it is not zero or false; undefined when the connection ends before. */
  async #until<T>(look: () => T): Promise<T | undefined> {
    for (;;) {
      const seen = look();
      if (seen) return seen;
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(length: number): Buffer {
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }
}

function parseHead(head: string): { status: number; headers: RawReply['headers'] } {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) [\w -]*$/.exec(statusLine)?.[1]);
  if (!status) throw new Error(`not a status line: ${statusLine}`);
  const headers = lines.map((line) => {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a header: ${line}`);
    return [name, value] as const;
  });
  return { status, headers };
}

function bodyLength({ headers }: { headers: RawReply['headers'] }, head: string): number {
  const lengths = headers.filter(([name]) => name.toLowerCase() === 'content-length');
  const length = Number(lengths[0]?.[1]);
  if (lengths.length !== 1 || !Number.isInteger(length)) throw new Error(`no one Content-Length: ${head}`);
  return length;
}
