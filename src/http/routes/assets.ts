// Serves what pages of ours consist of, `public/assets/`: style sheets, scripts and the icon.
import { ServiceError } from '../../base/errors';
import { READ_METHODS, type FindRoute } from '../plain-route';
import { fileReply, toPublicFile, type PublicFiles } from '../public-files';

/** All kinds of files there; other extensions are not served. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

/** As ours are named: nothing that could lead out of the folder. */
const PATH = /^\/(assets(?:\/[\w-]+)+\.(css|js|svg))$/;

/** `/assets/…`; what does not exist is 404 `NOT_FOUND`. */
export function assetRoutes({ publicFiles }: { publicFiles: PublicFiles }): FindRoute {
  return function findAsset(path) {
    const [, file, ending = ''] = PATH.exec(path) ?? [];
    const type = TYPES[ending];
    if (file === undefined || type === undefined) return undefined;
    return {
      name: 'other',
      methods: READ_METHODS,
      async serve(request) {
        const body = await publicFiles(file);
        if (body === undefined) throw new ServiceError('NOT_FOUND', 'There is nothing at this path.');
        return fileReply(request, toPublicFile(body), type);
      },
    };
  };
}
