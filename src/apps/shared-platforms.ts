// One platform per base URL, shared by its apps and let go of with the last of them.
import type { Platform } from '../open-platform/platform';

/** The platforms of the apps of one process. */
export class SharedPlatforms {
  readonly #create: (baseUrl: string) => Platform;
  readonly #shared = new Map<string, { platform: Platform; users: number }>();

  constructor(create: (baseUrl: string) => Platform) {
    this.#create = create;
  }

  /** The platform at `baseUrl`, to be released as often as it was acquired. */
  acquire(baseUrl: string): Platform {
    const shared = this.#shared.get(baseUrl) ?? { platform: this.#create(baseUrl), users: 0 };
    shared.users += 1;
    this.#shared.set(baseUrl, shared);
    return shared.platform;
  }

  /** Those that are in use. */
  all(): Platform[] {
    return Array.from(this.#shared.values(), ({ platform }) => platform);
  }

  release(baseUrl: string): void {
    const shared = this.#shared.get(baseUrl);
    if (shared === undefined) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.platform.close();
    this.#shared.delete(baseUrl);
  }
}
