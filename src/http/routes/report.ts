// Receives reports of pages that the client refused a signature. Every report gets the same reply: 204.
import { Router, type Request, type Response } from 'express';
import { parseRefusalReport } from '../../signing/refusal-report';
import { preflightCors, refusalCors } from '../cors';
import { methodNotAllowed } from '../middleware/failures';
import type { RequestLocals } from '../middleware/request-context';
import { parseRawQuery } from '../raw-query';
import { readBody } from '../read-body';
import { parseJson } from '../read-json';
import { splitTarget } from '../request-target';
import type { SigningApps, SigningApp } from '../../apps/signing-app';

/** 8 KB: a report about all but the longest page URLs; a lost report does not matter, since other pages report the same ticket. */
const MAX_REPORT_BYTES = 8 * 1024;

/** `POST /report?app=`. Nothing of a report is kept, and the reply does not reveal its outcome. */
export function reportRouter({ apps }: { apps: SigningApps }): Router {
  function findApp(request: Request): SigningApp | undefined {
    try {
      return apps.find(parseRawQuery(splitTarget(request.originalUrl).query).app);
    } catch {
      return undefined;
    }
  }

  const router = Router();
  router
    .route('/report')
    .post(async function takeReport(request, response: Response<unknown, RequestLocals>) {
      const app = findApp(request);
      response.locals.appId = app?.appId;
      const body = await readBody(request, MAX_REPORT_BYTES);
      if (body === undefined) return;
      const report = body.length <= MAX_REPORT_BYTES ? parseRefusalReport(parseJson(body)) : undefined;
      if (app && report) await app.report(report);
      response.set(refusalCors(request.headers.origin, app?.allowedOrigins)).status(204).end();
    })
    .options(function answerPreflight(request, response) {
      const { origin, 'access-control-request-headers': requestedHeaders } = request.headers;
      response
        .set(preflightCors(origin, requestedHeaders, findApp(request)?.allowedOrigins))
        .status(204)
        .end();
    })
    .all(methodNotAllowed('POST, OPTIONS'));
  return router;
}
