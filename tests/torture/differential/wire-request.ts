// A request as it goes over the wire: what the oracle reads, and the bytes that are sent.

/** A request that HTTP allows. */
export interface WireRequest {
  readonly method: string;
  /** The raw request target, ASCII or bytes as latin1. */
  readonly target: string;
  /** As they are sent, repeated names included; `Host` and the framing of the body are among them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly version: '1.0' | '1.1';
  /** The body goes out in chunks of this many bytes; undefined: in one piece, with its length. */
  readonly chunkBytes?: number | undefined;
}

/** A message that never becomes a request, and the code it is refused with. */
export interface BrokenMessage {
  readonly bytes: Buffer;
  readonly code: 'BODY_INVALID' | 'URL_INVALID' | 'HEADERS_TOO_LARGE';
}

/** The bytes of `request`. */
export function serialise({ method, target, headers, body, version, chunkBytes }: WireRequest): Buffer {
  const lines = [
    `${method} ${target} HTTP/${version}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (chunkBytes === undefined) return Buffer.concat([head, body]);
  const parts: Buffer[] = [head];
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}
