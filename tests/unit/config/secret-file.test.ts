// A secret file that is read again: valid content is used, invalid content is reported once, and refusals cost one reading a second.
import { SecretFile } from '../../../src/config/secret-file';
import { parseSecretPair } from '../../../src/config/parse-secret-pair';
import { Secret } from '../../../src/base/secret';
import { FakeClock, flushMicrotasks } from '../../support/fake-clock';

let clock: FakeClock;
let text: string | Error;
let readings: number;
let read: () => Promise<string>;
let changes: string[][];
let faults: string[];
let file: SecretFile;

const reveal = (secrets: readonly Secret[]): string[] => secrets.map((secret) => secret.reveal());

beforeEach(() => {
  clock = new FakeClock();
  text = 'first\n';
  readings = 0;
  changes = [];
  faults = [];
  read = () => (typeof text === 'string' ? Promise.resolve(text) : Promise.reject(text));
  file = new SecretFile({
    path: '/run/secrets/token',
    secrets: [new Secret('first')],
    parse: (content) => parseSecretPair(content, 'token'),
    read() {
      readings += 1;
      return read();
    },
    clock,
    onChange: (secrets) => void changes.push(reveal(secrets)),
    onFault: (message) => void faults.push(message),
  });
});

it('uses what it holds when that is another one', async () => {
  expect(await file.check()).toBe('unchanged');
  text = 'first,second';
  expect(await file.check()).toBe('changed');
  expect(reveal(file.secrets)).toEqual(['first', 'second']);
  text = 'second\r\n';
  expect([await file.check(), await file.check()]).toEqual(['changed', 'unchanged']);
  expect(changes).toEqual([['first', 'second'], ['second']]);
});

it('keeps the secret while the file is empty, wrong or gone, and tells each reason once', async () => {
  const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
  for (text of ['', '', 'a,b,c', 'two words', gone, gone, 'first', ''])
    expect(await file.check()).toBe(text === 'first' ? 'unchanged' : 'unusable');
  expect(faults).toEqual([
    expect.stringContaining('the file is empty'),
    expect.stringContaining('write one token'),
    expect.stringContaining('holds white space'),
    'the file cannot be read (ENOENT): check its path, and that this user may read it',
    expect.stringContaining('the file is empty'),
  ]);
  expect(reveal(file.secrets)).toEqual(['first']);
  expect(changes).toEqual([]);
});

it('is read once a second at most for secrets that were refused, and every time it is asked for', async () => {
  await Promise.all([file.checkAfterRefusal(), file.checkAfterRefusal()]);
  await clock.advance(999);
  text = 'second';
  expect([await file.checkAfterRefusal(), readings]).toEqual(['unchanged', 1]);
  await clock.advance(1);
  expect([await file.checkAfterRefusal(), readings]).toEqual(['changed', 2]);
  text = 'third';
  expect([await file.check(), readings]).toEqual(['changed', 3]);
});

it('answers while a reading hangs, and starts no other beside it', async () => {
  let finish: (content: string) => void = () => undefined;
  read = () => new Promise((resolve) => (finish = resolve));
  const checks = [file.check(), file.check()];
  await flushMicrotasks();
  await clock.advance(2_000);
  await flushMicrotasks();
  await clock.advance(2_000);
  expect([await Promise.all(checks), readings]).toEqual([['unusable', 'unusable'], 1]);
  expect(faults).toEqual(['reading the file took over 2000 ms']);
  finish('first');
  await flushMicrotasks();
  read = () => Promise.resolve('second');
  expect(await file.check()).toBe('changed');
});
