export interface Page {
  url: string;
  /** The `Origin` header to send, if any. */
  origin: string | undefined;
}

export const PAGE_ORIGINS: readonly string[];
export function createPages(count: number, seed: number): Page[];
