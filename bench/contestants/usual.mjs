// The service as a team writes it: Express 5 with the usual middleware, each wired as its README says.
import cors from 'cors';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import NodeCache from 'node-cache';
import { createServer } from 'node:http';
import { pinoHttp } from 'pino-http';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';
import { announce } from '../support/announce.mjs';
import { fetchTicket } from '../support/fetch-ticket.mjs';
import { sign } from '../support/sign.mjs';

const { APP_ID } = process.env;
const origins = process.env.ALLOWED_ORIGINS.split(',');
const cache = new NodeCache();

collectDefaultMetrics();
const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Duration of HTTP requests in seconds',
  labelNames: ['method', 'route', 'code'],
});

const app = express();
app.use(pinoHttp());
app.use((req, res, next) => {
  const end = duration.startTimer();
  res.on('finish', () => end({ method: req.method, route: req.route?.path ?? 'none', code: res.statusCode }));
  next();
});
app.use(helmet());
app.use(cors({ origin: origins, credentials: true }));
app.use(
  rateLimit({
    windowMs: 60_000,
    // Counts, and never refuses: refusals would be cheaper than answers.
    limit: Number(process.env.REQUESTS_PER_MINUTE),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  }),
);

app.get('/metrics', async (_req, res) => {
  res.set('Content-Type', register.contentType);
  res.end(await register.metrics());
});

app.get('/config', async (req, res) => {
  const { url } = req.query;
  if (typeof url !== 'string' || !URL.canParse(url)) {
    res.status(400).json({ error: 'url is missing or invalid' });
    return;
  }
  if (!origins.includes(new URL(url).origin)) {
    res.status(403).json({ error: 'origin is not allowed' });
    return;
  }
  res.set('Cache-Control', 'no-store');
  res.json(sign(APP_ID, await ticketOf(), url));
});

async function ticketOf() {
  const cached = cache.get('ticket');
  if (cached !== undefined) return cached;
  const { ticket, expiresInSeconds } = await fetchTicket();
  // A minute early, so that no page gets a ticket that dies on the way.
  cache.set('ticket', ticket, expiresInSeconds - 60);
  return ticket;
}

await announce(createServer(app));
