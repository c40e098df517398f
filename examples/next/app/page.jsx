'use client';
import { create } from 'lark-jsapi-signer/browser';
import { useState } from 'react';

const lark = create({ endpoint: '/lark', jsApiList: ['scanCode'] });

export default function Page() {
  const [state, setState] = useState({});
  const scan = () => {
    setState({ isRunning: true });
    lark.call('scanCode', { scanType: ['qrCode', 'barCode'] }).then(
      ({ result }) => setState({ result }),
      ({ message }) => setState({ message }),
    );
  };
  return (
    <main>
      <button onClick={scan} disabled={state.isRunning}>
        Scan
      </button>
      <output>{state.result}</output>
      <p role="alert">{state.message}</p>
    </main>
  );
}
