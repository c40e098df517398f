// Serves the requests that a connection sends ahead of their answers a few at a time, so that other connections have their turn.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A millisecond of signatures. No client that is known to pipeline sends as many ahead. */
const MAX_PER_TURN = 32;

/** Of all connections: 3 KB each. More than one read of 64 KB holds, since a request is 18 bytes long at least. */
const MAX_WAITING = 4_000;

/** The requests of a connection that wait for their turn. */
interface Line {
  readonly socket: Socket;
  readonly waiting: [IncomingMessage, ServerResponse][];
  /** Keeps the connection from being read. */
  readonly hold: () => void;
  servedInTurn: number;
}

/**
 * `serve`, but for pipelined requests: at most `MAX_PER_TURN` of a connection in a turn of the event loop. The others wait for the
 * next turns, in their order, and no more of them are read meanwhile. A connection that has too many waiting is closed, after
 * `onFlood` was called.
 */
export function serveInTurns(serve: RequestListener, onFlood: (socket: Socket) => void): RequestListener {
  const lines = new WeakMap<Socket, Line>();
  let waitingInAll = 0;

  function openLine(socket: Socket): Line {
    const waiting: Line['waiting'] = [];
    // Node resumes a connection with every reply that it has sent.
    const hold = (): void => {
      if (waiting.length > 0) socket.pause();
    };
    const line: Line = { socket, waiting, hold, servedInTurn: 0 };
    lines.set(socket, line);
    socket.on('resume', hold);
    setImmediate(takeTurn, line);
    return line;
  }

  function takeTurn(line: Line): void {
    const { socket, waiting } = line;
    const isOpen = !socket.destroyed && !socket.writableEnded;
    const next = waiting.splice(0, isOpen ? MAX_PER_TURN : waiting.length);
    waitingInAll -= next.length;
    line.servedInTurn = next.length;
    if (!isOpen || next.length === 0) {
      lines.delete(socket);
      socket.off('resume', line.hold);
      return;
    }
    for (const [request, response] of next) serve(request, response);
    if (waiting.length === 0) socket.resume();
    setImmediate(takeTurn, line);
  }

  return function serveInTurn(request, response) {
    // Nothing is ahead of it at its connection: every request that is not pipelined.
    if (response.socket !== null) {
      serve(request, response);
      return;
    }
    const { socket } = request;
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? openLine(socket);
    const isInTurn = line.servedInTurn < MAX_PER_TURN;
    // A chunked body cannot wait: until it is read, Node keeps each of its chunks, and a read of 64 KB may hold 10,000.
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    if (isInTurn && (isChunked || line.waiting.length === 0)) {
      line.servedInTurn += 1;
      serve(request, response);
    } else if (isChunked || waitingInAll >= MAX_WAITING) {
      onFlood(socket);
      socket.destroy();
    } else {
      waitingInAll += 1;
      line.waiting.push([request, response]);
      socket.pause();
    }
  };
}
