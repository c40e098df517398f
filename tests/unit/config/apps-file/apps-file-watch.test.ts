// The apps file is compared by content: valid content is applied, invalid content is reported once, and a hanging read delays nothing.
import { AppsFileWatch } from '../../../../src/config/apps-file/apps-file-watch';
import type { AppSettings } from '../../../../src/apps/app-settings';
import { digestOf, type AppsFileContent } from '../../../../src/config/apps-file/apps-file-content';
import { FakeClock, flushMicrotasks } from '../../../support/fake-clock';

const contentOf = (text: string): AppsFileContent => ({ text, secretFiles: new Map() });

let clock: FakeClock;
let text: string;
let readings: number;
let read: () => Promise<AppsFileContent>;
let taken: string[];
let faults: string[];
let compared: boolean[];
let watch: AppsFileWatch;

beforeEach(() => {
  clock = new FakeClock();
  text = 'first';
  readings = 0;
  taken = [];
  faults = [];
  compared = [];
  read = () => Promise.resolve(contentOf(text));
  watch = createWatch(30_000);
});
afterEach(() => watch.close());

function createWatch(reloadMs: number): AppsFileWatch {
  return new AppsFileWatch({
    file: {
      reloadMs,
      digest: digestOf(contentOf('first')),
      parse({ text: parsed }) {
        if (parsed.startsWith('broken')) throw new Error(`fault of ${parsed}`);
        return [{ alias: parsed } as AppSettings];
      },
    },
    read() {
      readings += 1;
      return read();
    },
    clock,
    onApps: (apps) => void taken.push(...apps.map(({ alias }) => alias!)),
    onFault: (message) => void faults.push(message),
    onCompared: (isUsable) => void compared.push(isUsable),
  });
}

it('takes a changed content at the next comparison, once, and keeps comparing', async () => {
  watch.start();
  await clock.advance(90_000);
  expect({ taken, readings }).toEqual({ taken: [], readings: 3 });
  text = 'second';
  await clock.advance(29_999);
  expect(taken).toEqual([]);
  await clock.advance(30_000);
  text = 'first';
  await clock.advance(30_000);
  expect(taken).toEqual(['second', 'first']);
});

it('tells a broken content once, changes nothing, and tells another one again', async () => {
  for (text of ['broken 1', 'broken 1', 'broken 2', 'first', 'broken 2']) await watch.check();
  expect(faults).toEqual(['fault of broken 1', 'fault of broken 2', 'fault of broken 2']);
  text = 'second';
  await watch.check();
  expect(taken).toEqual(['second']);
});

it('tells once that the file cannot be read', async () => {
  read = () => Promise.reject(new Error('gone'));
  await watch.check();
  await watch.check();
  expect(faults).toEqual(['gone']);
  read = () => Promise.resolve(contentOf('second'));
  await watch.check();
  expect(taken).toEqual(['second']);
});

it('reads again while a change of several files is under way', async () => {
  const seen = ['broken half', 'second', 'second'];
  read = () => Promise.resolve(contentOf(seen.shift()!));
  await watch.check();
  expect({ taken, faults }).toEqual({ taken: ['second'], faults: [] });
});

it('starts no reading beside one that hangs', async () => {
  let finish: (content: AppsFileContent) => void = () => undefined;
  read = () => new Promise((resolve) => (finish = resolve));
  watch.start();
  await clock.advance(200_000);
  expect({ readings, faults }).toEqual({ readings: 1, faults: ['reading the apps file took over 10000 ms'] });
  finish(contentOf('first'));
  read = () => Promise.resolve(contentOf('second'));
  await flushMicrotasks();
  await clock.advance(60_000);
  expect(taken).toEqual(['second']);
});

it('compares only when told to with an interval of 0, and never once closed', async () => {
  watch = createWatch(0);
  watch.start();
  await clock.advance(600_000);
  expect(readings).toBe(0);
  text = 'second';
  await watch.check();
  expect(taken).toEqual(['second']);
  watch.close();
  text = 'third';
  await watch.check();
  watch.start();
  expect({ taken, timers: clock.timers }).toEqual({ taken: ['second'], timers: 0 });
});

it('says of every comparison whether the file can be used, and of none once it is closed', async () => {
  for (const content of ['first', 'broken', 'broken', 'second', 'broken again', 'second']) {
    text = content;
    await watch.check();
  }
  read = () => Promise.reject(new Error('no such file'));
  await watch.check();
  await watch.check();
  expect(compared).toEqual([true, false, false, true, false, true, false, false]);
  expect(faults).toEqual(['fault of broken', 'fault of broken again', 'no such file']);
  const late = watch.check();
  watch.close();
  await late;
  expect(compared).toHaveLength(8);
});
