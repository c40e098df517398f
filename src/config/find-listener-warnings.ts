// Warns of operator's endpoints without a token that other machines reach.

/** Where the listeners are; a host of undefined is every address. */
export interface Listeners {
  readonly adminPort: number | undefined;
  /** The setting of ADMIN_HOST, or that of HOST in its place. */
  readonly adminHost: string | undefined;
  /** Whether ADMIN_HOST is set. */
  readonly hasAdminHost: boolean;
}

/** Sentences for the start log. */
export function findListenerWarnings({ adminPort, adminHost, hasAdminHost }: Listeners): string[] {
  if (adminPort === undefined)
    return hasAdminHost ? ['ADMIN_HOST has no effect without ADMIN_PORT: set both, or neither.'] : [];
  return isEveryAddress(adminHost) ? [warnOfOpenOperators('ADMIN_PORT', 'ADMIN_HOST')] : [];
}

/** Whether a listener at `host` is reached by every address of the machine: Node's own choice, `0.0.0.0` and `::`. */
export function isEveryAddress(host: string | undefined): boolean {
  return host === undefined || /^[0:.]+$/.test(host);
}

/** The sentence for a listener of `portVariable`, whose address `hostVariable` sets. */
export function warnOfOpenOperators(portVariable: string, hostVariable: string): string {
  return `The operator's endpoints at ${portVariable} need no token and are open at every address of this machine: set ${hostVariable} to an address that only operators reach, or let a firewall or network policy close the port.`;
}
