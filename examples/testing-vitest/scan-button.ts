import { create, LarkJsapiError } from 'lark-jsapi-signer/browser';

const lark = create({ endpoint: 'https://signer.example.com', jsApiList: ['scanCode'] });

/** A button that scans a code and then shows it. */
export function addScanButton(parent: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.textContent = 'Scan';
  button.onclick = async () => {
    try {
      button.textContent = (await lark.call('scanCode', { scanType: ['qrCode'] })).result;
    } catch (error) {
      button.textContent = error instanceof LarkJsapiError ? error.advice : 'Failed';
    }
  };
  parent.append(button);
  return button;
}
