// The app tickets that the simulated platform has pushed to store apps, and which of them are still valid.

// A call that began with the one before the latest is still answered; how many the real platform accepts is not known.
const GOOD_PER_APP = 2;

/** App tickets, per app. */
export class AppTickets {
  readonly #newValue: () => string;
  readonly #good = new Map<string, string[]>();

  constructor(newValue: () => string) {
    this.#newValue = newValue;
  }

  /** Issues an app ticket; from now on the latest two are valid. */
  issue(appId: string): string {
    const issued = this.#newValue();
    const good = [...(this.#good.get(appId) ?? []), issued];
    this.#good.set(appId, good.slice(-GOOD_PER_APP));
    return issued;
  }

  isGood(appId: string, appTicket: string): boolean {
    return this.#good.get(appId)?.includes(appTicket) ?? false;
  }

  /** Invalidates everything issued to the app so far. */
  revoke(appId: string): void {
    this.#good.delete(appId);
  }
}
