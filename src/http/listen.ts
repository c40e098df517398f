// Listens at an address. A failure names the setting that chose the address, and says what to write instead.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

/** The settings that an address comes from: variables, or options of the command line. */
export interface AddressSettings {
  /** `PORT`, or `--port`. */
  readonly port: string;
  /** `HOST`, or `--host`; undefined when the address is fixed. */
  readonly host?: string;
}

/** An address where the process cannot listen. `message` is one line for an operator; the cause is Node's error. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Resolves with the address that `server` listens at. Rejects with `ListenError`. */
export async function listen(
  server: Server,
  { port, host }: { port: number | undefined; host: string | undefined },
  settings: AddressSettings,
): Promise<{ host: string; port: number }> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw explainListenFailure(error, settings);
  }
  const { address, port: bound } = server.address() as AddressInfo;
  return { host: address, port: bound };
}

/** `error` as a `ListenError` that names `settings`, when it is Node's about an address, or such a `ListenError`; otherwise itself. */
export function explainListenFailure(error: unknown, settings: AddressSettings): unknown {
  const cause = error instanceof ListenError ? error.cause : error;
  const message = describe(cause ?? {}, settings);
  return message === undefined ? error : new ListenError(message, { cause });
}

/** What Node says of an address. */
interface AddressFailure {
  readonly code?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

function describe(failure: AddressFailure, settings: AddressSettings): string | undefined {
  const { code, address, hostname, port } = failure;
  const host = settings.host ?? 'the address';
  const isOption = settings.port.startsWith('--');
  const portAs = (example: number): string => `${settings.port}${isOption ? ' ' : '='}${example}`;
  switch (code) {
    case 'EADDRINUSE':
      return `${settings.port}: port ${port} is in use. Stop the program that listens there, or choose another port: ${portAs(otherPort(port))}, or 0 for any free port.`;
    case 'EACCES':
      return `${settings.port}: no permission to listen at port ${port}. Choose a port from 1024 on, ${portAs(3000)}, or give the process CAP_NET_BIND_SERVICE.`;
    case 'EADDRNOTAVAIL':
      return `${host}: ${address} is not an address of this machine. Write one of its addresses, 127.0.0.1 for this machine alone, or 0.0.0.0 for all.`;
    case 'EAFNOSUPPORT':
      return `${host}: this machine does not support addresses such as ${address}. Write an IPv4 address, 127.0.0.1 or 0.0.0.0.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host}: the name ${hostname} cannot be resolved (${code}). Write an address, 127.0.0.1 or 0.0.0.0.`;
    default:
      return undefined;
  }
}

/** The next one, which is as good as any. */
function otherPort(port = 3000): number {
  return port < 65_535 ? port + 1 : 3000;
}
