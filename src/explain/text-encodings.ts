// The encodings other than UTF-8 in which languages and frameworks turn the string into bytes, some of them without being asked.

/** One of them. */
export interface TextEncoding {
  /** For people, in no language. */
  readonly name: string;
  /** Whether ASCII is the same in it as in UTF-8. */
  readonly isAsciiAlike: boolean;
  readonly encode: (text: string) => Buffer;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Likely ones first. Where two give the same bytes, the first is the narrower statement. */
export const TEXT_ENCODINGS: readonly TextEncoding[] = [
  // As Java, Python and .NET replace what ASCII does not have: a character, or half a surrogate pair, each.
  { name: 'ASCII, "?"', isAsciiAlike: true, encode: (text) => latin1(text.replace(/[^\p{ASCII}]/gu, '?')) },
  {
    name: 'ASCII, "??"',
    isAsciiAlike: true,
    encode: (text) => latin1(text.replace(/[\u0080-\uffff]/g, '?')),
  },
  { name: 'ASCII, ""', isAsciiAlike: true, encode: (text) => latin1(text.replace(/[^\p{ASCII}]/gu, '')) },
  {
    name: 'ISO-8859-1, "?"',
    isAsciiAlike: true,
    encode: (text) => latin1(text.replace(/[^\p{ASCII}\u0080-\u00ff]/gu, '?')),
  },
  // As Node's "latin1" and "binary" cut each code unit to its low byte.
  { name: 'ISO-8859-1', isAsciiAlike: true, encode: latin1 },
  { name: 'GBK', isAsciiAlike: true, encode: encodeGbk },
  // Bytes of UTF-8 that were read as ISO-8859-1 on the way, as old servlet containers do.
  {
    name: 'UTF-8 → ISO-8859-1 → UTF-8',
    isAsciiAlike: true,
    encode: (text) => Buffer.from(Buffer.from(text).toString('latin1')),
  },
  { name: 'UTF-16LE', isAsciiAlike: false, encode: (text) => Buffer.from(text, 'utf16le') },
  { name: 'UTF-16BE', isAsciiAlike: false, encode: (text) => Buffer.from(text, 'utf16le').swap16() },
  { name: 'UTF-8, BOM', isAsciiAlike: false, encode: (text) => Buffer.from(`\ufeff${text}`) },
];

/** Leading bytes of GBK, and the bytes that follow one. */
const [MIN_LEAD, MAX_LEAD, MIN_TRAIL, MAX_TRAIL] = [0x81, 0xfe, 0x40, 0xfe];
/** The two bytes of each character, filled when the first text needs them: Node decodes GBK, and encodes only UTF-8. */
const gbk = new Map<string, number>();
let nextLead = MIN_LEAD;

/** Prepares GBK, once, with a turn for the caller after every row of 190 characters, some 0.1 ms of work. */
export function* prepareGbk(): Generator<undefined> {
  while (nextLead <= MAX_LEAD) {
    addGbkRow(nextLead);
    nextLead += 1;
    yield;
  }
}

function addGbkRow(lead: number): void {
  const trails = Array.from({ length: MAX_TRAIL - MIN_TRAIL + 1 }, (_, index) => MIN_TRAIL + index);
  const lines = decodeGbk(Buffer.from(trails.flatMap((trail) => [lead, trail, LINE_FEED]))).split('\n');
  for (const [index, character] of lines.entries()) {
    // What is no character is longer, or the mark of one.
    if (character.length === 1 && character !== '\ufffd') gbk.set(character, lead * 256 + MIN_TRAIL + index);
  }
}

const LINE_FEED = 0x0a;

/** An empty text where Node was built without the tables of ICU. */
function decodeGbk(bytes: Buffer): string {
  try {
    return new TextDecoder('gbk').decode(bytes);
  } catch {
    return '';
  }
}

function encodeGbk(text: string): Buffer {
  const bytes = Array.from(text).flatMap((character) => {
    if (character < '\u0080') return character.charCodeAt(0);
    const pair = gbk.get(character);
    return pair === undefined ? QUESTION_MARK : [pair >> 8, pair & 0xff];
  });
  return Buffer.from(bytes);
}

const QUESTION_MARK = 0x3f;
