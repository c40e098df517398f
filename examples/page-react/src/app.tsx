import { useLark } from './use-lark';

export function App() {
  const scan = useLark((lark) => lark.call('scanCode', { scanType: ['qrCode', 'barCode'] }));
  return (
    <>
      <h1>Parcels</h1>
      <p>Scan the code on the label.</p>
      <button onClick={scan.run} disabled={scan.isRunning}>
        Scan
      </button>
      <output>{scan.result?.result}</output>
      <p role="alert">{scan.error?.message}</p>
    </>
  );
}
