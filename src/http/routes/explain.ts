// `POST /explain`: an operator asks why the client refused a signature.
import { Router, type Request, type RequestHandler } from 'express';
import * as z from 'zod';
import { readPasted } from '../../explain/read-pasted';
import type { ExplainQuestion } from '../../explain/explainer';
import type { Explanation, Facts } from '../../explain/types';
import { methodNotAllowed } from '../middleware/failures';
import { readJson } from '../read-json';

export interface ExplainRouterParts {
  /** Rejects with ServiceError. */
  readonly explain: (question: ExplainQuestion) => Promise<Explanation>;
  /** Admits requests: `requireOperator(tokens)`. Without it every client that reaches the port is admitted. */
  readonly guard?: RequestHandler | undefined;
}

/** 64 KB: two page URLs and a text, of the lengths below, in JSON's longest way of writing most of them. */
const MAX_BYTES = 64 * 1024;
/** As long as a page URL that is signed. */
const url = z.string().max(8_192);
/** The text that a console prints of one failure, together with a reply. */
const words = z.string().max(16_384);
/** No id, nonce or digest comes near. */
const short = z.string().max(256);

/** The body of a question: what is known of the refusal. */
export const explainRequestSchema = z.strictObject({
  pasted: words.optional(),
  url: url.optional(),
  pageUrl: url.optional(),
  timestamp: z.union([z.number(), short]).optional(),
  nonceStr: short.optional(),
  signature: short.optional(),
  appId: short.optional(),
  errorText: words.optional(),
  errorCode: z.number().optional(),
  app: short.optional(),
  tenant_key: short.optional(),
});

const EXPECTED =
  'Send a JSON object with "pasted" (the reply of the signer, the error of the client), and, as far as known, url, pageUrl, timestamp, nonceStr, signature, appId, errorText, errorCode, app, tenant_key; nothing else, and no ticket.';

/** `POST /explain`: an `Explanation`. Needs `requestContext` before and `errorHandler` after it. */
export function explainRouter({ explain, guard }: ExplainRouterParts): Router {
  const router = Router();
  if (guard) router.use('/explain', guard);
  router
    .route('/explain')
    .post(async function explainRefusal(request, response) {
      response.set('Cache-Control', 'no-store');
      const question = await readQuestion(request);
      if (question === undefined) return;
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      try {
        response.json(await explain({ ...question, signal: gone.signal }));
      } catch (error) {
        // The client has disconnected: no reply is possible.
        if (!gone.signal.aborted) throw error;
      }
    })
    .all(methodNotAllowed('POST'));
  return router;
}

async function readQuestion(request: Request): Promise<ExplainQuestion | undefined> {
  const sent = await readJson(request, {
    schema: explainRequestSchema,
    maxBytes: MAX_BYTES,
    expected: EXPECTED,
  });
  if (sent === undefined) return undefined;
  const { pasted = '', app, tenant_key: tenantKey, ...given } = sent;
  const facts = { ...readPasted(pasted).facts, ...definedOf(given) };
  return { facts, app, tenantKey };
}

function definedOf(given: object): Facts {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
