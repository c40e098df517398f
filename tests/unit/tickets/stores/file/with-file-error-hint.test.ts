// A failed file operation says which file it is about and what its operator should do.
import { withFileErrorHint } from '../../../../../src/tickets/stores/file/with-file-error-hint';

const PATH = '/data/signer/tickets.json';
const failing = (code?: string) => {
  const error = Object.assign(new Error(`${code}: as the system says it`), { code });
  return { error, explained: withFileErrorHint(PATH, () => Promise.reject(error)) };
};

test('what succeeds is passed on', async () => {
  expect(await withFileErrorHint(PATH, () => Promise.resolve('text'))).toBe('text');
});

test.each([
  ['ENOENT', /create the folder \/data\/signer, or mount/],
  ['ENOTDIR', /create the folder \/data\/signer, or mount/],
  ['EACCES', /let the user of this process .*\/data\/signer\./],
  ['EPERM', /let the user of this process .*\/data\/signer\./],
  ['EROFS', /let the user of this process .*\/data\/signer\./],
  ['EISDIR', /is a folder; name a file/],
  ['ENOTSUP', /is a pipe, a device or a socket: name a file/],
  ['EEXIST', /another program writes to this path/],
  ['ERR_TICKETS_TOO_LARGE', /no longer fit .* in Redis/],
  ['ENOSPC', /free or repair the disk/],
  [undefined, /free or repair the disk/],
])('%s: names the file, the cure and what the system said', async (code, cure) => {
  const { error, explained } = failing(code);
  await expect(explained).rejects.toThrow(cure);
  await expect(explained).rejects.toThrow(`The ticket file ${PATH} cannot be used`);
  await expect(explained).rejects.toThrow(`(${error.message})`);
  await expect(explained).rejects.toMatchObject({ cause: error });
});
