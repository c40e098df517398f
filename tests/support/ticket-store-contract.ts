// What every ticket store promises, as one suite: each store's own test file runs it over its own storage.
import { Secret } from '../../src/base/secret';
import { Sealer } from '../../src/tickets/sealer';
import type { TicketStore } from '../../src/tickets/ticket-store';
import { LONG_VALUES } from './long-values';

/** The storage that a store keeps its texts in, for one test. */
export interface StorageUnderTest {
  /** A store over the storage, each time as another process opens it; a store of one process gives the one there is. */
  open(): TicketStore;
  /** Moves the storage's time on, without waiting for it: lives and leases pass. */
  pass(ms: number): Promise<void>;
  /** Closes what was opened and leaves nothing behind. */
  remove(): Promise<void>;
}

/** What a store does beyond reading and writing. The suite holds it to it, and to having nothing that goes untested. */
export interface StoreAbilities {
  /** It ends lives by itself; otherwise the reader judges. */
  expires: boolean;
  locks?: boolean;
  watches?: boolean;
  /** It has a clock of its own, and reports the rest of a life. */
  tellsTime?: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Declares the suite for the store called `name`; `makeStorage` gives an empty storage. */
export function describeTicketStore(
  name: string,
  makeStorage: () => Promise<StorageUnderTest>,
  { expires, locks = false, watches = false, tellsTime = false }: StoreAbilities,
): void {
  describe(`${name}, as a ticket store,`, () => {
    let storage: StorageUnderTest;
    let store: TicketStore;
    beforeEach(async () => {
      storage = await makeStorage();
      store = storage.open();
    });
    afterEach(() => storage.remove());

    /** Writes whatever is there now. */
    async function put(key: string, text: string, lifeMs = HOUR): Promise<void> {
      expect(await store.write(key, text, { replacing: await store.read(key), lifeMs })).toBe(true);
    }

    test('can do what is tested here, and nothing else', () => {
      expect({
        locks: store.lock !== undefined,
        watches: store.watch !== undefined,
        tellsTime: store.leftMs !== undefined,
      }).toEqual({ locks, watches, tellsTime });
    });

    test('holds nothing at first', async () => {
      expect(await store.read('a')).toBeUndefined();
    });

    test('gives back what was written, under its name only', async () => {
      await put('a', 'one');
      expect(await store.read('a')).toBe('one');
      expect(await store.read('b')).toBeUndefined();
      expect(await storage.open().read('a')).toBe('one');
    });

    test('keeps every name apart', async () => {
      for (const key of NAMES) await put(key, `text of ${key}`);
      const other = storage.open();
      for (const key of NAMES) expect(await other.read(key)).toBe(`text of ${key}`);
      for (const key of ['', 'a ', 'never written']) expect(await other.read(key)).toBeUndefined();
    });

    test('keeps texts of 64 KB and texts of any characters', async () => {
      const long = 'x'.repeat(64 * 1024);
      await put('long', long);
      await put('any', ANY_TEXT);
      expect(await storage.open().read('long')).toBe(long);
      expect(await storage.open().read('any')).toBe(ANY_TEXT);
    });

    test.each(LONG_VALUES)('keeps %s, sealed', async (_, value) => {
      const sealer = new Sealer(new Secret('secret'));
      await put('a', sealer.seal('a', JSON.stringify({ value })));
      const opened = new Sealer(new Secret('secret')).open('a', (await storage.open().read('a'))!);
      expect(opened).toBe(JSON.stringify({ value }));
    });

    test('replaces only what the writer has seen', async () => {
      const second = storage.open();
      await put('a', 'one');
      expect(await second.write('a', 'two', { replacing: undefined, lifeMs: HOUR })).toBe(false);
      expect(await second.write('a', 'two', { replacing: 'zero', lifeMs: HOUR })).toBe(false);
      expect(await store.read('a')).toBe('one');
      expect(await second.write('a', 'two', { replacing: 'one', lifeMs: HOUR })).toBe(true);
      expect(await store.read('a')).toBe('two');
      expect(await store.write('a', 'three', { replacing: 'one', lifeMs: HOUR })).toBe(false);
      expect(await store.read('a')).toBe('two');
    });

    test('does not write where something was expected and nothing is there', async () => {
      expect(await store.write('a', 'two', { replacing: 'one', lifeMs: HOUR })).toBe(false);
      expect(await store.read('a')).toBeUndefined();
    });

    test.each([undefined, 'one'])(
      'lets exactly one of 20 writers through who all saw %p',
      async (replacing) => {
        if (replacing !== undefined) await put('a', replacing);
        const written = await Promise.all(
          Array.from({ length: 20 }, (_, n) => store.write('a', `writer ${n}`, { replacing, lifeMs: HOUR })),
        );
        expect(written.filter(Boolean)).toHaveLength(1);
        expect(await store.read('a')).toBe(`writer ${written.indexOf(true)}`);
      },
    );

    test('loses none of 20 names that are written at once', async () => {
      const keys = Array.from({ length: 20 }, (_, n) => `name ${n}`);
      await Promise.all(keys.map((key) => put(key, `text of ${key}`)));
      const other = storage.open();
      expect(await Promise.all(keys.map((key) => other.read(key)))).toEqual(
        keys.map((key) => `text of ${key}`),
      );
    });

    test('lets a write end before it closes, and keeps what was written', async () => {
      const second = storage.open();
      const writing = store.write('a', 'one', { replacing: undefined, lifeMs: HOUR });
      await store.close();
      expect(await second.read('a')).toBe('one');
      expect(await writing).toBe(true);
    });

    if (expires) describeExpiry();
    if (tellsTime) describeTime();
    if (locks) describeLock();
    if (watches) describeWatch();

    function describeExpiry(): void {
      test('holds a text for its life and no longer', async () => {
        await put('a', 'one', HOUR);
        await put('b', 'two', 2 * HOUR);
        await storage.pass(HOUR - MINUTE);
        expect(await store.read('a')).toBe('one');
        await storage.pass(MINUTE);
        expect(await store.read('a')).toBeUndefined();
        expect(await store.read('b')).toBe('two');
      });

      test('counts a life from the last write', async () => {
        await put('a', 'one', HOUR);
        await storage.pass(30 * MINUTE);
        await put('a', 'two', HOUR);
        await storage.pass(59 * MINUTE);
        expect(await store.read('a')).toBe('two');
      });

      test('takes what has ended for nothing when it is replaced', async () => {
        await put('a', 'one', HOUR);
        await storage.pass(HOUR);
        expect(await store.write('a', 'two', { replacing: 'one', lifeMs: HOUR })).toBe(false);
        expect(await store.write('a', 'two', { replacing: undefined, lifeMs: HOUR })).toBe(true);
        expect(await store.read('a')).toBe('two');
      });
    }

    function describeTime(): void {
      test('tells what is left of a life, of the text that is asked for only', async () => {
        const leftMs = async (key: string, text: string) => store.leftMs!(key, text);
        await put('a', 'one', HOUR);
        await storage.pass(20 * MINUTE);
        expect(await leftMs('a', 'one')).toBeLessThanOrEqual(40 * MINUTE);
        expect(await leftMs('a', 'one')).toBeGreaterThan(39 * MINUTE);
        expect(await leftMs('a', 'two')).toBeUndefined();
        expect(await leftMs('b', 'one')).toBeUndefined();
        await storage.pass(HOUR);
        expect(await leftMs('a', 'one')).toBeUndefined();
      });
    }

    function describeLock(): void {
      const lock = (of: TicketStore, key: string) => of.lock!(key, MINUTE);

      test('gives a lock to one at a time, name by name', async () => {
        const second = storage.open();
        const attempts = await Promise.all(
          Array.from({ length: 20 }, (_, n) => lock(n % 2 === 0 ? store : second, 'a')),
        );
        expect(attempts.filter((held) => held !== undefined)).toHaveLength(1);
        expect(await lock(second, 'b')).toBeDefined();
      });

      test('gives it to the next once it is released', async () => {
        const second = storage.open();
        const held = await lock(store, 'a');
        expect(await lock(second, 'a')).toBeUndefined();
        await held!.release();
        expect(await lock(second, 'a')).toBeDefined();
      });

      test('ends a lock with its lease', async () => {
        const second = storage.open();
        await lock(store, 'a');
        await storage.pass(MINUTE - 10_000);
        expect(await lock(second, 'a')).toBeUndefined();
        await storage.pass(10_000);
        expect(await lock(second, 'a')).toBeDefined();
      });

      test('does not free another process’s lock by a release after the lease', async () => {
        const second = storage.open();
        const late = await lock(store, 'a');
        await storage.pass(MINUTE);
        const held = await lock(second, 'a');
        expect(held).toBeDefined();
        await late!.release();
        expect(await lock(store, 'a')).toBeUndefined();
        await held!.release();
        expect(await lock(store, 'a')).toBeDefined();
      });

      test('keeps locks and texts of one name apart', async () => {
        await lock(store, 'a');
        expect(await store.read('a')).toBeUndefined();
        await put('a', 'one');
        expect(await lock(store, 'a')).toBeUndefined();
        expect(await store.read('a')).toBe('one');
      });
    }

    function describeWatch(): void {
      /** Writes under `key` until `isDone`: a watch need not have begun yet when the function that asks for it returns. */
      async function writeUntil(isDone: () => boolean, key: string): Promise<void> {
        for (let n = 0; !isDone(); n += 1) {
          await put(key, `text ${n}`);
          await new Promise(setImmediate);
        }
      }

      test('tells a watcher the names that another process writes', async () => {
        const told: (string | undefined)[] = [];
        storage.open().watch!((key) => told.push(key));
        for (const key of NAMES) await writeUntil(() => told.includes(key), key);
        expect(told.filter((key) => key !== undefined && !NAMES.includes(key))).toEqual([]);
      });

      test('lets a watcher that was told read what was written', async () => {
        const second = storage.open();
        const reads: Promise<string | undefined>[] = [];
        second.watch!((key) => {
          if (key === 'a') reads.push(second.read('a'));
        });
        await writeUntil(() => reads.length > 0, 'a');
        for (const read of reads) expect(await read).toMatch(/^text \d+$/);
      });

      test('tells nothing any more to a watcher that has ended', async () => {
        const ended: (string | undefined)[] = [];
        const watching: (string | undefined)[] = [];
        const second = storage.open();
        const end = second.watch!((key) => ended.push(key));
        second.watch!((key) => watching.push(key));
        await writeUntil(() => ended.includes('a') && watching.includes('a'), 'a');
        end();
        const toldBefore = ended.length;
        await writeUntil(() => watching.includes('b'), 'b');
        expect(ended).toHaveLength(toldBefore);
      });
    }
  });
}

const ANY_TEXT = '"quoted" \\ line\nend\t\u0000 é 飞书 🐦 \u2028';

/** Names as they come (a platform's address, an app, a tenant), and names that a careless store trips over. */
const NAMES = [
  'https://open.feishu.cn cli_a1b2c3 tenant/1',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '../../etc/passwd',
  'with : colons * and ? marks [x]',
  '飞书 🐦',
  'line\nbreak and \u0000 null',
  'A',
  'a',
];
