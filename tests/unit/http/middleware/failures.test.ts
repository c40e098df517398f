// The replies to failures in Express, whatever threw them and whenever.
import express, { type RequestHandler } from 'express';
import request from 'supertest';
import { ServiceError } from '../../../../src/base/errors';
import { errorHandler } from '../../../../src/http/middleware/failures';

function serve(handler: RequestHandler) {
  const app = express();
  app.use((_request, response, next) => {
    response.locals['requestId'] = 'id';
    next();
  });
  app.get('/items/:name', handler);
  app.use(errorHandler({ basePath: '/base' }));
  return request(app);
}

describe('errorHandler', () => {
  it('takes a path that does not decode for one that leads nowhere', async () => {
    const { body } = await serve(() => {})
      .get('/items/%E4')
      .expect(404);
    expect(body).toMatchObject({ code: 'NOT_FOUND', requestId: 'id', type: '/base/errors#NOT_FOUND' });
  });

  it('answers a rejected promise', async () => {
    const late = serve(() => Promise.reject(new ServiceError('UNAUTHORIZED', 'Log in.')));
    const { body } = await late.get('/items/a').expect(401).expect('Access-Control-Allow-Origin', '*');
    expect(body).toMatchObject({ code: 'UNAUTHORIZED', detail: 'Log in.' });
  });

  it.each([new Error('s3cret'), 's3cret', undefined, null, { status: 404 }])(
    'tells nothing of %p',
    async (thrown) => {
      // A middleware may reject with anything; `next()` alone would continue with the next route.
      const { status, text } = await serve(async () => {
        await Promise.resolve();
        throw thrown as Error;
      }).get('/items/a');
      expect(status).toBe(500);
      expect(text).toContain('INTERNAL');
      expect(text).not.toContain('s3cret');
    },
  );

  it('cuts the connection when half a reply is out', async () => {
    const half = serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('half');
      throw new Error('boom');
    });
    await expect(half.get('/items/a')).rejects.toThrow(/aborted|hang up/);
  });
});
