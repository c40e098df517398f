// The files of `public/` as routes have them: from the disk, or from the program itself.
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { ServiceError } from '../base/errors';

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
 * Sends a file as `contentType` in UTF-8. Without `cacheControl` it may change with any release: a browser keeps it, and asks each
 * time whether it is still that one.
 */
export function sendPublicFile(
  response: Response,
  { body, etag }: PublicFile,
  contentType: string,
  cacheControl = 'no-cache',
): void {
  response
    .set({ 'Cache-Control': cacheControl, 'Content-Type': `${contentType}; charset=utf-8`, ETag: etag })
    .send(body);
}
