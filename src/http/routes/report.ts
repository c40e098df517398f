// Receives reports of pages that the client refused a signature. Every report gets the same reply: 204.
import { parseRefusalReport } from '../../signing/refusal-report';
import { preflightCors, refusalCors } from '../cors';
import type { PlainReply, PlainRoute } from '../plain-route';
import { parseRawQuery } from '../raw-query';
import { parseJson } from '../read-json';
import type { SigningApps, SigningApp } from '../../apps/signing-app';

/** 8 KB: a report about all but the longest page URLs; a lost report does not matter, since other pages report the same ticket. */
const MAX_REPORT_BYTES = 8 * 1024;

/** `POST /report?app=`. Nothing of a report is kept, and the reply does not reveal its outcome. */
export function reportRoute({ apps }: { apps: SigningApps }): PlainRoute {
  function findApp(query: string): SigningApp | undefined {
    try {
      return apps.find(parseRawQuery(query).app);
    } catch {
      return undefined;
    }
  }

  return {
    name: '/report',
    methods: 'POST, OPTIONS',
    async serve({ method, query, headers, readBody }) {
      const { origin, 'access-control-request-headers': requestedHeaders } = headers;
      const app = findApp(query);
      const reply = (cors: PlainReply['headers']): PlainReply => ({
        status: 204,
        headers: cors,
        body: '',
        appId: app?.appId,
      });
      if (method === 'OPTIONS') return reply(preflightCors(origin, requestedHeaders, app?.allowedOrigins));
      const body = await readBody(MAX_REPORT_BYTES);
      if (body === undefined) return undefined;
      const report = body.length <= MAX_REPORT_BYTES ? parseRefusalReport(parseJson(body)) : undefined;
      if (app && report) await app.report(report);
      return reply(refusalCors(origin, app?.allowedOrigins));
    },
  };
}
