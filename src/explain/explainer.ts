// Explains refused signatures for operators: with the tickets of this process, a few at a time, and in turns with other requests.
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../base/clock';
import { ServiceError } from '../base/errors';
import { explainSteps } from './explain';
import type { Explanation, Facts, HeldTicket } from './types';
import { createRateLimiter } from '../limits/rate-limiter';
import type { SigningApps } from '../apps/signing-app';

/** A question of an operator. */
export interface ExplainQuestion {
  readonly facts: Facts;
  /** Alias or app id. */
  readonly app: string | undefined;
  readonly tenantKey: string | undefined;
  /** Aborted when the client has disconnected. */
  readonly signal?: AbortSignal;
}

/** The parts of an explainer. */
export interface ExplainerParts {
  readonly apps: Pick<SigningApps, 'find'>;
  readonly tickets: {
    ticketsFor(
      appId: string,
      tenantKey?: string,
    ): { readonly own: readonly HeldTicket[]; readonly others: Iterable<HeldTicket> };
  };
  readonly clock: Clock;
  /** Milliseconds since the epoch, by the platform's clock. */
  readonly nowMs: () => number;
  /** Resolves when other requests had their turn. */
  readonly nextTurn?: () => Promise<unknown>;
}

/** For how long it computes at a time, in ms, the last step not counted: well below what a page notices. */
const TURN_MS = 0.25;
/**
 * Between two turns, in ms: an explanation takes a twentieth of the process, the dearest a second of time. With 1 ms they took 0.3 s, and
 * the p99 of signatures meanwhile was 2.0 to 2.4 times that without; now 1.3, the median of five runs (`bench/run-service.mjs`).
 */
const PAUSE_MS = 5;
/** A person asks a few times a minute; 30 of the dearest questions take this process some three seconds of a minute. */
const QUESTIONS_PER_MINUTE = 30;

/**
 * A function that answers a question. It rejects with ServiceError: `RATE_LIMITED`, `APP_UNKNOWN`, and `BODY_INVALID` for
 * one that holds a ticket, which must not be sent.
 */
export function createExplainer(parts: ExplainerParts): (question: ExplainQuestion) => Promise<Explanation> {
  const { apps, tickets, clock, nowMs, nextTurn = () => pause(PAUSE_MS) } = parts;
  // One window for all operators: what it guards is the process.
  const limiter = createRateLimiter({ requestsPerMinute: QUESTIONS_PER_MINUTE, clock, maxClients: 1 });

  /** The app that is named, or the one the page handed its appId of, or the only one. */
  function findAppId({ app, facts }: ExplainQuestion): string {
    if (app !== undefined) return apps.find(app).appId;
    try {
      return apps.find(facts.appId).appId;
    } catch {
      return apps.find(undefined).appId;
    }
  }

  return async function explainInTurns(question) {
    const { isOver, resetSeconds } = limiter.take('operators');
    if (isOver) {
      throw new ServiceError(
        'RATE_LIMITED',
        `Explanations are limited to ${QUESTIONS_PER_MINUTE} a minute.`,
        {
          retryAfterSeconds: resetSeconds,
        },
      );
    }
    const { own, others } = tickets.ticketsFor(findAppId(question), question.tenantKey);
    refuseTickets(question.facts, own);
    const steps = explainSteps(question.facts, { tickets: own, others, nowMs: nowMs() });
    for (;;) {
      const untilMs = clock.monotonicMs() + TURN_MS;
      do {
        const { done, value } = steps.next();
        if (done) return value;
      } while (clock.monotonicMs() < untilMs);
      await nextTurn();
      question.signal?.throwIfAborted();
    }
  };
}

/** A pasted ticket has leaked: it must not be sent, and guesses must reveal nothing. */
function refuseTickets(facts: Facts, own: readonly HeldTicket[]): void {
  const texts = Object.values(facts).filter((value) => typeof value === 'string');
  const holdsTicket = texts.some(
    (text) => /jsapi_ticket=[^&\s*•]{8}/.test(text) || own.some(({ value }) => text.includes(value.reveal())),
  );
  if (holdsTicket || facts.ticketInReply === true) {
    throw new ServiceError(
      'BODY_INVALID',
      'Remove the ticket from the input and send it again. If it came out of a reply to a page, remove it from that reply too: every visitor of the page can sign with it.',
    );
  }
}
