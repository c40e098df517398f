// What an endpoint of the simulated open platform is: a new one is a file that makes one of these.
import type { Reply, SandboxRequest } from './reply';

/** The endpoints that are counted and that faults can name; `other` is every other path under `/open-apis/`. */
export const ENDPOINT_NAMES = ['token', 'app-token', 'app-ticket', 'ticket', 'other'] as const;

export type EndpointName = (typeof ENDPOINT_NAMES)[number];

/** One endpoint of the platform. */
export interface PlatformEndpoint {
  readonly name: EndpointName;
  /** Called with POST; undefined for `other`. */
  readonly path?: string;
  /** The app a request names or holds a token of, even when the request will be refused. */
  appOf(request: SandboxRequest): string | undefined;
  answer(request: SandboxRequest): Reply;
}
