// An HTTP server on the loopback address that gives the answers a test has put in line, and remembers what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer: JSON or text with status and headers, or a function that does what it likes with the response. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export class ScriptedServer {
  readonly requests: RecordedRequest[] = [];
  readonly #answers: Answer[] = [];
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  #arrived: () => void = () => undefined;

  /** Listens on a free port. Close it at the end of the test. */
  static async start(): Promise<ScriptedServer> {
    const scripted = new ScriptedServer();
    scripted.#server.listen(0, '127.0.0.1');
    await once(scripted.#server, 'listening');
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts answers in line, one for each request to come; without one a request gets HTTP 599. */
  answer(...answers: Answer[]): void {
    this.#answers.push(...answers);
  }

  /** Resolves when the next request has been read completely. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => (this.#arrived = resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url: path = '', headers } = request;
    this.requests.push({ method, path, headers, body });
    const answer = this.#answers.shift() ?? { status: 599, text: 'no answer was scripted' };
    if (typeof answer === 'function') {
      answer(request, response);
    } else {
      const type = answer.json === undefined ? 'text/html' : 'application/json; charset=utf-8';
      response.writeHead(answer.status ?? 200, { 'Content-Type': type, ...answer.headers });
      response.end(answer.json === undefined ? answer.text : JSON.stringify(answer.json));
    }
    this.#arrived();
  }
}
