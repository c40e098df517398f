// @vitest-environment jsdom
import { installFakeClient, type FakeClientOptions } from 'lark-jsapi-signer/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { addScanButton } from './scan-button';

let undo = () => {};
afterEach(() => undo());

function clickInClient(options: FakeClientOptions): HTMLButtonElement {
  undo = installFakeClient({ signer: 'https://signer.example.com', ...options });
  const button = addScanButton(document.body);
  button.click();
  return button;
}

test('the button shows what was scanned', async () => {
  const scanCode = vi.fn(() => ({ result: 'A-1' }));
  const button = clickInClient({ answers: { scanCode } });
  await vi.waitFor(() => expect(button.textContent).toBe('A-1'));
  expect(scanCode).toHaveBeenCalledWith(expect.objectContaining({ scanType: ['qrCode'] }));
});

test('a client that is too old is reported', async () => {
  const button = clickInClient({ refuse: { scanCode: 103 } });
  await vi.waitFor(() => expect(button.textContent).toBe('The client is too old.'));
});

test('a refused page shows what to do', async () => {
  const button = clickInClient({ refuse: { config: 333448 } });
  await vi.waitFor(() => expect(button.textContent).toContain('H5 trusted domain'));
});

test('outside the client the button says that', async () => {
  const button = addScanButton(document.body);
  button.click();
  await vi.waitFor(() => expect(button.textContent).toContain('Feishu or Lark'));
});
