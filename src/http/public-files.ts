// The files of `public/` as routes have them: from the disk, or from the program itself.
import { createHash } from 'node:crypto';
import { ServiceError } from '../base/errors';
import type { PlainReply, PlainRequest } from './plain-route';

/** Reads a file by its path in `public/`, `assets/page.css`. Resolves with undefined when the file does not exist. */
export type PublicFiles = (path: string) => Promise<Buffer | undefined>;

/** A file, and what a cache may compare: the same bytes have the same `etag`. */
export interface PublicFile {
  readonly body: Buffer;
  readonly etag: string;
}

/** `body` with its `etag`. */
export function toPublicFile(body: Buffer): PublicFile {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
}

/**
 * Reads the built file at `path` when it is first called for, so that a service runs without it, and keeps it: of one buffer for
 * all, a reply that waits to be sent has no copy. Rejects with `NOT_FOUND` while there is no such file.
 */
export function createFileCache(publicFiles: PublicFiles, path: string): () => Promise<PublicFile> {
  let reading: Promise<PublicFile> | undefined;
  const read = async (): Promise<PublicFile> => {
    const body = await publicFiles(path);
    if (body === undefined)
      throw new ServiceError('NOT_FOUND', `${path} has not been built: run "npm run build".`);
    return toPublicFile(body);
  };
  return () =>
    (reading ??= read().catch((error: unknown) => {
      reading = undefined;
      throw error;
    }));
}

/**
 * A file as `contentType` in UTF-8; 304 for a browser that has it. Without a `Cache-Control` in `headers` it may change with any
 * release: a browser keeps it, and asks each time whether it is still that one.
 */
export function fileReply(
  { headers: received }: PlainRequest,
  { body, etag }: PublicFile,
  contentType: string,
  headers: PlainReply['headers'] = {},
): PlainReply {
  const common = { 'Cache-Control': 'no-cache', ...headers, ETag: etag };
  if (isHeld(received['if-none-match'], etag)) return { status: 304, headers: common, body: '' };
  return {
    status: 200,
    headers: {
      ...common,
      'Content-Type': `${contentType}; charset=utf-8`,
      'Content-Length': String(body.length),
    },
    body,
  };
}

/** Whether `If-None-Match` names `etag`, weak or not (RFC 9110, 13.1.2). */
function isHeld(names: string | undefined, etag: string): boolean {
  return names !== undefined && (names.includes(etag) || names.trim() === '*');
}
