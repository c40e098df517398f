// The text form of a ticket file: every name with its sealed text and its end, and a mark that distinguishes it from other files.

/** What is kept under one name. */
export interface TicketEntry {
  text: string;
  /** Milliseconds since the epoch, by the clock of the process that wrote it. */
  endsAtMs: number;
}

/** The mark: a foreign file, or a file of another layout, is not mistaken for an empty one. */
const FORMAT = 'lark-jsapi-signer tickets v1';

/** The text of a file that holds `entries`; one line an entry would be no easier to read: their texts are sealed. */
export function serialiseTicketFile(entries: ReadonlyMap<string, TicketEntry>): string {
  return JSON.stringify({ format: FORMAT, entries: Object.fromEntries(entries) });
}

/** The inverse of `serialiseTicketFile`; undefined when `text` is torn, empty or of something else. */
export function parseTicketFile(text: string): Map<string, TicketEntry> | undefined {
  const file = parseJson(text);
  if (!isRecord(file) || file['format'] !== FORMAT || !isRecord(file['entries'])) return undefined;
  const entries = new Map<string, TicketEntry>();
  // The parsed object is only walked, never asked by name: `__proto__` is a name like any other.
  for (const [name, entry] of Object.entries(file['entries'])) {
    if (!isTicketEntry(entry)) return undefined;
    entries.set(name, entry);
  }
  return entries;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A number too large for JSON is read as Infinity, and would be written as null, which is unreadable. */
function isTicketEntry(value: unknown): value is TicketEntry {
  return isRecord(value) && typeof value['text'] === 'string' && Number.isFinite(value['endsAtMs']);
}
