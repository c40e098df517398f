// Watches the content of the apps file and of the secret files it names, and applies a change when all of it is valid.
import type { Clock, Timer } from '../../base/clock';
import type { AppSettings } from '../../apps/app-settings';
import { digestOf, type AppsFileContent } from './apps-file-content';
import type { AppsFile } from './read-apps';
import type { Reread } from '../secret-file';
import { withDeadline } from '../../base/deadline';

/** The options of a watch. */
export interface AppsFileWatchParts {
  file: Pick<AppsFile, 'reloadMs' | 'digest' | 'parse'>;
  /** Reads everything the apps are configured with. */
  read: () => Promise<AppsFileContent>;
  clock: Clock;
  /** Called with valid apps, for changed contents only. */
  onApps: (apps: readonly AppSettings[]) => void;
  /** Called with why the file cannot be used, one line per fault; once for each content. */
  onFault: (message: string) => void;
  /** Called after every comparison: whether the file, as it is, can be used. */
  onCompared: (isUsable: boolean) => void;
}

/** Local files take milliseconds; one that takes this long is on a file system that hangs. */
const READ_DEADLINE_MS = 10_000;
/** A change of several files is seen whole when two readings agree; more tries than this are left to the next comparison. */
const MAX_READINGS = 3;

/** Compares the apps file by its content, so that neither dates nor symbolic links matter. */
export class AppsFileWatch {
  readonly #parts: AppsFileWatchParts;
  #timer: Timer | undefined;
  /** Of the content in use. */
  #digest: string;
  /** Of the last invalid content. */
  #faultyDigest: string | undefined;
  #reading: Promise<AppsFileContent> | undefined;
  #checks: Promise<Reread> = Promise.resolve('unchanged');
  #isClosed = false;

  constructor(parts: AppsFileWatchParts) {
    this.#parts = parts;
    this.#digest = parts.file.digest;
  }

  /** Compares from now on. */
  start(): void {
    const { clock, file } = this.#parts;
    if (this.#isClosed || file.reloadMs === 0) return;
    this.#timer = clock.setTimer(() => {
      void this.check().then(() => {
        this.start();
      });
    }, file.reloadMs);
  }

  /** Compares now, after a comparison that is under way. Never rejects. */
  check(): Promise<Reread> {
    this.#checks = this.#checks.then(async () => {
      const outcome = await this.#compare();
      if (!this.#isClosed) this.#parts.onCompared(outcome !== 'unusable');
      return outcome;
    });
    return this.#checks;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** Applies the file when its content is new and valid. */
  async #compare(): Promise<Reread> {
    try {
      const content = await this.#readWhole();
      const digest = digestOf(content);
      if (this.#isClosed || digest === this.#faultyDigest) return 'unusable';
      this.#faultyDigest = undefined;
      if (digest === this.#digest) return 'unchanged';
      try {
        this.#parts.onApps(this.#parts.file.parse(content));
        this.#digest = digest;
        return 'changed';
      } catch (error) {
        return this.#tell(digest, error);
      }
    } catch (error) {
      return this.#tell(`unreadable: ${(error as Error).message}`, error);
    }
  }

  /** Reads until two readings agree: a change of several files may be under way. */
  async #readWhole(): Promise<AppsFileContent> {
    let content = await this.#read();
    let digest = digestOf(content);
    for (let readings = 1; digest !== this.#digest && readings < MAX_READINGS; readings += 1) {
      const before = digest;
      content = await this.#read();
      digest = digestOf(content);
      if (digest === before) break;
    }
    return content;
  }

  #tell(digest: string, error: unknown): Reread {
    if (digest === this.#faultyDigest || this.#isClosed) return 'unusable';
    this.#faultyDigest = digest;
    this.#parts.onFault((error as Error).message);
    return 'unusable';
  }

  /** A reading that hangs is not followed by another one: each would hold a thread. */
  async #read(): Promise<AppsFileContent> {
    if (this.#reading === undefined) {
      const reading = this.#parts.read();
      this.#reading = reading;
      const forget = (): void => {
        if (this.#reading === reading) this.#reading = undefined;
      };
      reading.then(forget, forget);
    }
    return withDeadline(this.#reading, READ_DEADLINE_MS, this.#parts.clock, 'reading the apps file');
  }
}
