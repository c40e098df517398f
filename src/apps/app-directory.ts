// The apps of this process: looked up by name, started a few at a time, and replaced while pages request them.
import { StaggeredStart, type StartSlot } from './staggered-start';
import type { Clock } from '../base/clock';
import { appIdentity, type AppSettings } from './app-settings';
import { ServiceError } from '../base/errors';
import type { SigningApps } from './signing-app';
import type { Platform } from '../open-platform/platform';
import type { LarkApp } from './lark-app';
import type { RandomSource } from '../base/random';

/** How apps are made. */
export interface AppDirectoryParts {
  createPlatform: (baseUrl: string) => Platform;
  /** `beforeFirstLoad` is called before a page starts the app's first load. */
  createLarkApp: (
    app: AppSettings,
    platform: Platform,
    beforeFirstLoad: () => Promise<void> | undefined,
  ) => LarkApp;
  clock: Clock;
  random: RandomSource;
}

/** What a replacement of the apps changed, by app id. */
export interface AppChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

interface Entry {
  readonly baseUrl: string;
  readonly signer: LarkApp;
  place: StartSlot | undefined;
  /** Whether the first attempt to obtain its ticket has ended, with or without success. */
  hasTried: boolean;
  isClosed: boolean;
}

/**
 * Three minutes: 300 apps have had their first attempt after two, on a platform that takes 0.8 s a call. Well below the ten minutes
 * after which Kubernetes marks a rollout as failed.
 */
const FIRST_ATTEMPTS_LIMIT_MS = 180_000;

/** The apps of a process. */
export class AppDirectory implements SigningApps {
  readonly #parts: AppDirectoryParts;
  /** By base URL, each with the number of apps that are on it; closed with the last of them. */
  readonly #platforms = new Map<string, { readonly platform: Platform; apps: number }>();
  readonly #starts: StaggeredStart;
  /** By identity, in the order of the configuration. */
  #entries = new Map<string, Entry>();
  #byName = new Map<string, LarkApp>();
  /** Found when a request names none. */
  #only: LarkApp | undefined;
  /** Removed apps that still answer earlier requests. */
  readonly #retiring = new Set<Entry>();
  #startedMonotonicMs: number | undefined;
  #wasReady = false;

  constructor(parts: AppDirectoryParts) {
    this.#parts = parts;
    this.#starts = new StaggeredStart(parts);
  }

  /** Serves `apps` from now on. An app that was served before keeps its ticket; removed apps are shut down gracefully. */
  exchange(apps: readonly AppSettings[]): AppChanges {
    const before = this.#entries;
    const entries = new Map<string, Entry>();
    for (const app of apps) {
      const kept = before.get(appIdentity(app));
      kept?.signer.update(app);
      entries.set(appIdentity(app), kept ?? this.#create(app));
    }
    this.#entries = entries;
    this.#byName = new Map();
    for (const { signer } of entries.values()) {
      this.#byName.set(signer.appId, signer);
      if (signer.alias !== undefined) this.#byName.set(signer.alias, signer);
    }
    const [only, second] = this.all();
    this.#only = second === undefined ? only : undefined;
    const added = [...entries].filter(([identity]) => !before.has(identity));
    const removed = [...before].filter(([identity]) => !entries.has(identity));
    for (const [, entry] of removed) void this.#retire(entry);
    if (this.#startedMonotonicMs !== undefined) this.#enterAll();
    const appIds = (changed: [string, Entry][]): string[] => changed.map(([, { signer }]) => signer.appId);
    return { added: appIds(added), removed: appIds(removed) };
  }

  /** Starts fetching tickets, a few apps at a time. */
  start(): void {
    this.#startedMonotonicMs = this.#parts.clock.monotonicMs();
    this.#enterAll();
  }

  find(name: string | undefined): LarkApp {
    if (name !== undefined) {
      const signer = this.#byName.get(name);
      if (signer) return signer;
      throw new ServiceError(
        'APP_UNKNOWN',
        'No app of that name is configured here. Give the alias or the app id of an app of this service; if it has only one, leave the parameter "app" out.',
      );
    }
    if (this.#only) return this.#only;
    throw new ServiceError(
      'APP_UNKNOWN',
      'Several apps are configured here: say with the parameter "app" which one is meant, by its alias or app id.',
    );
  }

  /**
   * True from the moment that one app has had a ticket and the start is over: every app has had its first attempt, for which three
   * minutes are allowed, and the time of the platform that a ticket from the store is signed with has been asked for.
   */
  ready(): boolean {
    this.#wasReady ||= this.all().some((signer) => signer.wasReady) && this.#isStartOver();
    return this.#wasReady;
  }

  all(): readonly LarkApp[] {
    return Array.from(this.#entries.values(), ({ signer }) => signer);
  }

  /** The platforms that apps of this process are on. */
  platforms(): readonly Platform[] {
    return Array.from(this.#platforms.values(), ({ platform }) => platform);
  }

  /** Stops timers and abandons what is under way. */
  close(): void {
    this.#starts.close();
    for (const entry of [...this.#entries.values(), ...this.#retiring]) this.#close(entry);
  }

  #isStartOver(): boolean {
    // Here each platform counts, also one whose apps all have tickets: a signature with a wrong time is refused.
    if (this.platforms().some(({ time }) => time.isAwaited)) return false;
    const { clock } = this.#parts;
    const elapsedMs = clock.monotonicMs() - (this.#startedMonotonicMs ?? Infinity);
    if (elapsedMs >= FIRST_ATTEMPTS_LIMIT_MS) return true;
    // A store app that the platform has accepted may wait long for its first event.
    return [...this.#entries.values()].every(({ hasTried, signer }) => hasTried || signer.wasReady);
  }

  #create(app: AppSettings): Entry {
    const baseUrl = app.platformBaseUrl;
    const shared = this.#platforms.get(baseUrl) ?? { platform: this.#parts.createPlatform(baseUrl), apps: 0 };
    shared.apps += 1;
    this.#platforms.set(baseUrl, shared);
    const signer = this.#parts.createLarkApp(app, shared.platform, () => entry.place?.prioritise());
    const entry: Entry = { baseUrl, signer, place: undefined, hasTried: false, isClosed: false };
    return entry;
  }

  #enterAll(): void {
    for (const entry of this.#entries.values())
      entry.place ??= this.#starts.enter(() => this.#tryFirst(entry));
  }

  async #tryFirst(entry: Entry): Promise<boolean> {
    const hasCalled = await entry.signer.warmUp();
    entry.hasTried = true;
    return hasCalled;
  }

  async #retire(entry: Entry): Promise<void> {
    this.#retiring.add(entry);
    // Readiness outlives the app that caused it.
    this.#wasReady ||= entry.signer.wasReady;
    entry.place?.cancel();
    // A page that waits for its turn is still answered.
    await entry.place?.prioritise();
    await entry.signer.retire();
    this.#close(entry);
  }

  #close(entry: Entry): void {
    this.#retiring.delete(entry);
    if (entry.isClosed) return;
    entry.isClosed = true;
    entry.signer.close();
    const shared = this.#platforms.get(entry.baseUrl);
    if (shared === undefined || (shared.apps -= 1) > 0) return;
    shared.platform.close();
    this.#platforms.delete(entry.baseUrl);
  }
}
