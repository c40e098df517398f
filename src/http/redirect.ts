// A redirect without a text. Express chooses one by the whole `Accept` header: 47 KB of it took 5 to 16 ms.
import type { Response } from 'express';

/** Answers with `status` and the address `location`, escaped as Express does. */
export function redirect(response: Response, status: number, location: string): void {
  response.location(location).status(status).end();
}
