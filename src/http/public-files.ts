// The files of `public/` as routes have them: from the disk, or from the program itself.
import { createHash } from 'node:crypto';
import type { Response } from 'express';

/** Reads a file by its path in `public/`, `assets/page.css`. Resolves with undefined when there is none. */
export type PublicFiles = (path: string) => Promise<Buffer | undefined>;

/** What a cache may compare: the same bytes have the same. */
export function etagOf(body: Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

/** Sends a file that may change with any release: a browser keeps it, and asks each time whether it is still that one. */
export function sendPublicFile(response: Response, body: Buffer, contentType: string): void {
  response
    .set({ 'Cache-Control': 'no-cache', 'Content-Type': `${contentType}; charset=utf-8`, ETag: etagOf(body) })
    .send(body);
}
