const { create } = require('lark-jsapi-signer/browser');
const { installFakeClient } = require('lark-jsapi-signer/testing');
const { login } = require('./login');

let undo = () => {};
afterEach(() => undo());

test('a page without the helper logs in', async () => {
  undo = installFakeClient({ answers: { requestAccess: ({ appID }) => ({ code: `code for ${appID}` }) } });
  await expect(login('cli_1')).resolves.toBe('code for cli_1');
});

test('a refused login is an error', async () => {
  undo = installFakeClient({ refuse: { requestAccess: 99991691 } });
  await expect(login('cli_1')).rejects.toThrow('99991691');
});

test('a page with the helper is authorised and scans', async () => {
  undo = installFakeClient({
    signer: 'https://signer.example.com',
    answers: { scanCode: { result: 'A-1' } },
  });
  const lark = create({ endpoint: 'https://signer.example.com' });
  await expect(lark.call('scanCode')).resolves.toMatchObject({ result: 'A-1' });
});
