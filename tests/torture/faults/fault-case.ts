// What a row of the fault matrix is: a fault, how it comes and goes, and what is expected of the service, written beforehand.
import type { FakeClock } from '../../support/fake-clock';
import type { World, WorldOptions } from '../../support/world';

/** The states of the ticket in which a fault meets the service. */
export const MOMENTS = ['cold', 'fresh', 'renewing', 'expired'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What a page is answered: a signature and the platform's word on it, or the code of a refusal. */
export type Answer =
  | 'signed'
  | 'signed but 333442'
  | 'signed but 333444'
  | 'TICKET_UNAVAILABLE'
  | 'APP_MISCONFIGURED'
  | 'connection refused';

/** Fields that one line of the log at `warn` must have; a text has to contain the one given here. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** What is expected of one cell. */
export interface Expectation {
  /** What pages get while the fault lasts: these answers, in this order, each as often as it comes. */
  readonly pages: readonly Answer[];
  /** What /readyz says while the fault lasts. */
  readonly ready: boolean;
  /** At most so many calls for a token, and for a ticket, while the fault lasts. */
  readonly calls: { readonly token: number; readonly ticket: number };
  /** From the end of the fault until a page is signed for with a ticket in its fresh zone. */
  readonly healedWithinSeconds: number;
  /** The line that names the cause; `silent`: nothing at `warn` at all. */
  readonly log: LogFields | 'silent';
}

/** What a fault does in one cell; made anew for each. */
export interface Infliction {
  /** What the world is made with: settings, a network path to the platform, what settling has to wait for. */
  readonly world?: Pick<WorldOptions, 'env' | 'way' | 'alsoSettle' | 'patienceMs' | 'readFile'>;
  /** At a cold start this comes before the service: then there is no world yet, only what is around it. */
  readonly begin: (surroundings: Surroundings) => void | Promise<void>;
  readonly end: (surroundings: Surroundings) => void | Promise<void>;
  /** Moves time on while the fault lasts, where it does not simply pass. */
  readonly pass?: (world: World, ms: number) => Promise<void>;
  /** Whether what is beside the ticket works again too, such as the store; asked after the next renewal. */
  readonly isMended?: () => boolean | Promise<boolean>;
  /** What must show in no reply and no line, beside the app's own secrets. */
  readonly secrets?: readonly string[];
  readonly dispose?: () => unknown;
}

export interface Surroundings {
  readonly sandbox: World['sandbox'];
  readonly clock: FakeClock;
  /** Absent before a cold start. */
  readonly world: World | undefined;
}

/** A row of the matrix. */
export interface FaultCase {
  /** As `--only` takes it. */
  readonly name: string;
  readonly area: string;
  /** For people; what it is. */
  readonly what: string;
  /** While it lasts no ticket can be had. Otherwise the platform is away too until the ticket has run out, in `expired`. */
  readonly blocks: boolean;
  /** Something besides the timer asks for tickets (a report): calls may come inside a back-off. */
  readonly asksAtOnce?: boolean;
  /** A program that has to be on the machine. */
  readonly needs?: string;
  readonly inflict: () => Infliction | Promise<Infliction>;
  readonly expected: Readonly<Record<Moment, Expectation>>;
}
