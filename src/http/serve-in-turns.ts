// Serves the requests that a connection sends ahead of their answers a few at a time, so that other connections are served meanwhile.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A millisecond of signatures. No client that is known to pipeline sends as many ahead. */
const MAX_PER_TURN = 32;

/** Replies of a connection that are not sent: what may be served in a turn. A client that reads none of them keeps no more. */
const MAX_OPEN = MAX_PER_TURN;

/** Of all connections: 3 KB each. More than one read of 64 KB holds, since a request is 18 bytes long at least. */
const MAX_WAITING = 4_000;

/** The requests of a connection that were sent ahead. */
interface Line {
  readonly socket: Socket;
  readonly waiting: [IncomingMessage, ServerResponse][];
  /** Keeps the connection from being read. */
  readonly hold: () => void;
  readonly takeTurn: () => void;
  readonly onReplyClosed: () => void;
  servedInTurn: number;
  /** Replies that were begun and not sent. */
  open: number;
  hasTurn: boolean;
}

/**
 * `serve`, but for pipelined requests: at most `MAX_PER_TURN` of a connection in a turn of the event loop, and none while
 * `MAX_OPEN` replies, or as many bytes as the socket keeps, are not sent. The others wait, in their order, and no more of them are
 * read meanwhile. When too many wait in all, a connection is closed, after `onFlood` was called: one that does not read its
 * replies, or the one that sends.
 */
export function serveInTurns(serve: RequestListener, onFlood: (socket: Socket) => void): RequestListener {
  const lines = new Map<Socket, Line>();
  let waitingInAll = 0;

  function openLine(socket: Socket): Line {
    const waiting: Line['waiting'] = [];
    const line: Line = {
      socket,
      waiting,
      // Node resumes a connection with every reply that it has sent.
      hold: () => {
        if (waiting.length > 0) socket.pause();
      },
      takeTurn: () => giveTurn(line),
      onReplyClosed: () => {
        line.open -= 1;
        if (waiting.length > 0 || line.open === 0) giveTurn(line);
      },
      servedInTurn: 0,
      open: 0,
      hasTurn: false,
    };
    lines.set(socket, line);
    socket.on('resume', line.hold).on('drain', line.takeTurn).on('close', line.takeTurn);
    return line;
  }

  function closeLine({ socket, waiting, hold, takeTurn }: Line): void {
    waitingInAll -= waiting.length;
    waiting.length = 0;
    lines.delete(socket);
    socket.off('resume', hold).off('drain', takeTurn).off('close', takeTurn);
  }

  function giveTurn(line: Line): void {
    if (line.hasTurn) return;
    line.hasTurn = true;
    setImmediate(serveWaiting, line);
  }

  function serveWaiting(line: Line): void {
    const { socket, waiting } = line;
    line.hasTurn = false;
    line.servedInTurn = 0;
    const isOpen = !socket.destroyed && !socket.writableEnded;
    if (!isOpen || (waiting.length === 0 && line.open === 0)) {
      closeLine(line);
      return;
    }
    let served = 0;
    for (let next = waiting[0]; next && hasRoom(line); next = waiting[served]) {
      served += 1;
      serveNow(line, ...next);
    }
    if (served === 0) return;
    waiting.splice(0, served);
    waitingInAll -= served;
    if (waiting.length === 0) socket.resume();
  }

  function serveNow(line: Line, request: IncomingMessage, response: ServerResponse): void {
    line.servedInTurn += 1;
    line.open += 1;
    response.once('close', line.onReplyClosed);
    giveTurn(line);
    serve(request, response);
  }

  /** The one with the most waiting of those that have no turn, since their replies are not read or not made; else `sender`. */
  function findFlood(sender: Line): Line {
    let flood = sender;
    for (const line of lines.values())
      if (!line.hasTurn && (flood.hasTurn || line.waiting.length > flood.waiting.length)) flood = line;
    return flood;
  }

  function closeFlood(line: Line): void {
    onFlood(line.socket);
    closeLine(line);
    line.socket.destroy();
  }

  return function serveInTurn(request, response) {
    // Nothing is ahead of it at its connection: every request that is not pipelined.
    if (response.socket !== null) {
      serve(request, response);
      return;
    }
    const { socket } = request;
    // The last reply has no successor.
    if (socket.destroyed || socket.writableEnded) return;
    const line = lines.get(socket) ?? openLine(socket);
    // A chunked body cannot wait: until it is read, Node keeps each of its chunks, and a read of 64 KB may hold 10,000.
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    if (isChunked ? isBelowLimits(line) : line.waiting.length === 0 && hasRoom(line)) {
      serveNow(line, request, response);
    } else if (isChunked) {
      closeFlood(line);
    } else {
      if (waitingInAll >= MAX_WAITING) closeFlood(findFlood(line));
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- the flood may have been this connection
      if (socket.destroyed) return;
      waitingInAll += 1;
      line.waiting.push([request, response]);
      socket.pause();
    }
  };
}

function isBelowLimits({ servedInTurn, open }: Line): boolean {
  return servedInTurn < MAX_PER_TURN && open < MAX_OPEN;
}

function hasRoom(line: Line): boolean {
  return isBelowLimits(line) && !line.socket.writableNeedDrain;
}
