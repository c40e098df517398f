// Runs one cell of the fault matrix on the fake clock: brings the service to its moment, inflicts the fault, watches, lets it heal.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FakeClock } from '../../support/fake-clock';
import { APP_ID, APP_SECRET, createWorld, HOUR, MINUTE, PAGE, SECOND, type World } from '../../support/world';
import type { Answer, FaultCase, Moment, Surroundings } from './fault-case';
import { callsBeyondTheRules } from './calls-beyond-the-rules';
import { countCalls, distinct, type Observation } from './observation';

/** A page waits 5 s at most; a quarter of a second is a step of ours. */
const PATIENCE_MS = 5.5 * SECOND;
const STEP_MS = 250;
/** Turns of the event loop in which a reply that is on its way arrives, while nothing is waited for but a load. */
const TURNS = 60;
/** Of the machine's own time: nothing but a hang takes so long. */
const REAL_LIMIT_MS = 10_000;
/** A fault is watched for ten minutes once its moment has come, with a page every half minute. */
const WATCH_MS = 10 * MINUTE;
const PAGE_EVERY_MS = 30 * SECOND;
/** Before that it is enough to look now and then. */
const LEAD_PAGE_EVERY_MS = 10 * MINUTE;
/** The window opens at 90 min 35 s with the jitter in its middle, the ticket runs out at 119 min 50 s. */
const BEFORE_WINDOW_MS = 89 * MINUTE;
const INSIDE_WINDOW_MS = 3 * MINUTE;
const UNTIL_EXPIRED_MS = 32 * MINUTE;
/** Beyond every bound of the matrix: an hour is the longest wait the platform is obeyed in. */
const HEALING_LIMIT_MS = 2 * HOUR;

/** Runs the cell; never rejects for what the service does: that is in the observation. */
export async function runCell(fault: FaultCase, moment: Moment): Promise<Observation> {
  const infliction = await fault.inflict();
  const clock = new FakeClock();
  const trouble: string[] = [];
  const crash = (error: unknown): void => void trouble.push(`crash: ${String(error)}`);
  process.on('unhandledRejection', crash).on('uncaughtException', crash);
  let world: World | undefined;
  let answers: Answer[] = [];
  const { begin, end, pass } = infliction;

  async function ask(): Promise<Answer> {
    const opened = world!;
    const askedMs = clock.monotonicMs();
    let reply: Awaited<ReturnType<World['config']>> | 'cut' | undefined;
    const asking = opened.config().then(
      (got) => (reply = got),
      () => (reply = 'cut'),
    );
    for (;;) {
      for (let turn = 0; turn < TURNS && reply === undefined; turn += 1) await nextTurn();
      if (reply !== undefined || clock.monotonicMs() - askedMs >= PATIENCE_MS) break;
      if (opened.signer.ticketState.loading) await opened.advance(STEP_MS);
      else await withinRealTime(asking);
    }
    if (reply === undefined) {
      trouble.push(`hang: no reply after ${PATIENCE_MS / SECOND} s`);
      return 'connection refused';
    }
    if (reply === 'cut') return 'connection refused';
    const { status, body } = reply;
    if (status === 503) return body.code as Answer;
    if (status !== 200) trouble.push(`a page is answered ${status} ${body.code}`);
    const { errCode } = opened.sandbox.verify({ ...body, url: PAGE });
    return errCode === 0 ? 'signed' : (`signed but ${errCode}` as Answer);
  }

  async function status(path: string): Promise<number> {
    return (await world!.get(path)).status;
  }

  const surroundings = (): Surroundings => ({ sandbox: world!.sandbox, clock, world });
  const move = (ms: number): Promise<void> => (pass ? pass(world!, ms) : world!.advance(ms));

  /** Pages ask, one after the other, while time passes. */
  async function watch(ms: number, everyMs = PAGE_EVERY_MS): Promise<void> {
    const untilMs = clock.monotonicMs() + ms;
    for (;;) {
      answers.push(await ask());
      if ((await status('/healthz')) !== 200) trouble.push('/healthz is not 200');
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await move(Math.min(everyMs, leftMs));
    }
  }

  /** Pages ask while the moment is not there yet: no page must notice anything. */
  async function lead(ms: number): Promise<void> {
    await watch(ms, LEAD_PAGE_EVERY_MS);
    const noticed = answers.find((answer) => answer !== 'signed');
    if (noticed !== undefined) trouble.push(`before the moment a page gets: ${noticed}`);
    answers = [];
  }

  try {
    const cold = moment === 'cold';
    world = await createWorld({
      clock,
      cold,
      ...infliction.world,
      ...(cold && {
        beforeService: (sandbox) => begin({ sandbox, clock, world: undefined }),
      }),
    });
    const { sandbox } = world;
    let linesBefore = 0;
    let callsBefore = 0;
    const inflict = async (): Promise<void> => {
      linesBefore = world!.logLines.length;
      callsBefore = world!.calls.length;
      await begin(surroundings());
    };

    if (moment === 'fresh') {
      await lead(10 * MINUTE);
      await inflict();
    } else if (moment === 'renewing') {
      await lead(BEFORE_WINDOW_MS);
      await inflict();
      await move(INSIDE_WINDOW_MS);
    } else if (moment === 'expired') {
      await lead(BEFORE_WINDOW_MS);
      // The ticket has to run out; a fault that lets it be renewed has an outage beside it until then.
      const port = Number(new URL(world.platformUrl).port);
      if (!fault.blocks) await sandbox.close();
      await inflict();
      await move(UNTIL_EXPIRED_MS);
      if (!fault.blocks) await sandbox.listen({ port });
    }
    await watch(WATCH_MS);
    const pages = distinct(answers);
    const ready = (await status('/readyz')) === 200;
    const calls = countCalls(world.calls.slice(callsBefore));
    const lines = world.logLines
      .slice(linesBefore)
      .map((line) => JSON.parse(line) as Observation['lines'][0]);

    await end(surroundings());
    const endedMs = clock.monotonicMs();
    let healedAfterSeconds: number | undefined;
    for (;;) {
      const waitedMs = clock.monotonicMs() - endedMs;
      const answer = await ask();
      const { zone, failures } = world.signer.ticketState;
      if (answer === 'signed' && zone === 'fresh' && failures === 0) {
        healedAfterSeconds = Math.round(waitedMs / SECOND);
        break;
      }
      if (waitedMs >= HEALING_LIMIT_MS) break;
      // Seconds at first, then coarser: what takes minutes need not be known to the second.
      await world.advance(waitedMs < 2 * MINUTE ? SECOND : 10 * SECOND);
    }
    // Two hours on: the next ticket came as if nothing had been.
    const { length: before } = sandbox.issuedTickets(APP_ID);
    await world.advance(2 * HOUR);
    if ((await ask()) !== 'signed') trouble.push('two hours later a page is not signed for');
    if (sandbox.issuedTickets(APP_ID).length === before)
      trouble.push('two hours later there is no new ticket');
    if (infliction.isMended && !(await infliction.isMended()))
      trouble.push('what was broken is not used again');

    trouble.push(...callsBeyondTheRules(world, { mayAskAtOnce: fault.asksAtOnce ?? false }));
    const secrets = [APP_SECRET, ...sandbox.issuedTickets(APP_ID), ...sandbox.issuedTokens(APP_ID)];
    for (const secret of secrets.concat(infliction.secrets ?? [])) {
      if (world.replyBodies.some((text) => text.includes(secret))) trouble.push('a secret is in a reply');
      if (world.logLines.some((text) => text.includes(secret))) trouble.push('a secret is in the log');
    }
    return { pages, ready, calls, healedAfterSeconds, lines, trouble: distinct(trouble) };
  } finally {
    await world?.close();
    await infliction.dispose?.();
    process.off('unhandledRejection', crash).off('uncaughtException', crash);
  }
}

async function withinRealTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the service does not answer at all')), REAL_LIMIT_MS);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
