// Serves the description of the API, `public/openapi.json`, which the build makes of `http/openapi/`.
import { READ_METHODS, type PlainRoute } from '../plain-route';
import { createFileCache, fileReply, type PublicFiles } from '../public-files';

/** `/openapi.json`. Tools on other pages may read it. */
export function openApiRoute({ publicFiles }: { publicFiles: PublicFiles }): PlainRoute {
  const readDescription = createFileCache(publicFiles, 'openapi.json');
  return {
    name: '/openapi.json',
    methods: READ_METHODS,
    async serve(request) {
      const file = await readDescription();
      return fileReply(request, file, 'application/json', { 'Access-Control-Allow-Origin': '*' });
    },
  };
}
