// One step of an examination: bounded in time, and its failure reduced to a code.
import type { Clock } from '../../base/clock';
import { DeadlineError, withDeadline } from '../../base/deadline';

/** How long one step may take: as long as the service waits for a whole call. */
const STEP_LIMIT_MS = 5_000;

/** Gives `work` a signal, which is aborted when the work or its time is over. Rejects as `work` does, or with DeadlineError. */
export async function step<T>(
  clock: Clock,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  try {
    return await withDeadline(work(controller.signal), STEP_LIMIT_MS, clock, what);
  } finally {
    controller.abort();
  }
}

/** `ECONNREFUSED` and the like: the text of an error may hold more than is to be printed. */
export function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (error instanceof DeadlineError) return `no answer within ${STEP_LIMIT_MS / 1_000} s`;
  return String(code ?? name);
}
