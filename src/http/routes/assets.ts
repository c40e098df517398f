// Serves what pages of ours consist of, `public/assets/`: style sheets, scripts and the icon.
import type { RequestHandler } from 'express';
import { sendPublicFile, toPublicFile, type PublicFiles } from '../public-files';

/** All kinds of files there; other extensions are not served. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

/** A path below the mount path, as ours are named: nothing that could lead out of the folder. */
const PATH = /^(?:\/[\w-]+)+\.(css|js|svg)$/;

/** Mounted at `/assets`. Other paths are passed on. */
export function assetsRoute({ publicFiles }: { publicFiles: PublicFiles }): RequestHandler {
  return async function serveAsset(request, response, next) {
    const { method, path } = request;
    const [, ending = ''] = PATH.exec(path) ?? [];
    const type = TYPES[ending];
    const isRead = method === 'GET' || method === 'HEAD';
    const body = isRead && type !== undefined ? await publicFiles(`assets${path}`) : undefined;
    if (body === undefined || type === undefined) next();
    else sendPublicFile(response, toPublicFile(body), type);
  };
}
