// What the client hands to onFail, fail or h5sdk.error, read: its fields differ between versions and systems.
import { ADVICE } from './advice';
import type { Failure } from './lark-jsapi-error';

const CODE_FIELDS = ['errno', 'errCode', 'errorCode'] as const;
const TEXT_FIELDS = ['errorMessage', 'errMsg', 'message'] as const;
/** 2601001 and 2601002 wrap another code, so any other known one says more. */
const isTelling = (code: number): boolean => code in ADVICE && code < 2_600_000;

/** The platform's code, the field that held it, and every text of `thrown`. */
export function readClientFailure(thrown: unknown): Failure {
  const fields = Object(thrown) as Record<string, unknown>;
  const codes: Pick<Failure, 'code' | 'codeFrom'>[] = [];
  for (const codeFrom of CODE_FIELDS) {
    const code = Number(fields[codeFrom]); // digits in a string occur as well
    if (code) codes.push({ code, codeFrom }); // neither missing nor 0, which is success
  }
  const texts = TEXT_FIELDS.map((name) => fields[name]).concat(thrown);
  const detail = [...new Set(texts.filter((text) => typeof text === 'string'))].join(' ');
  const inText = /\b3334[34]\d\b/.exec(detail);
  if (inText) codes.push({ code: Number(inText[0]), codeFrom: 'text' });
  const telling = codes.find(({ code }) => isTelling(Number(code)));
  return Object.assign({ detail, cause: thrown }, telling ?? codes[0]);
}

/**
 * The URL that the client checked, out of the text of 333441
 * (`invalid signature: signature: c872b****, …, url: https://www.example.com, timestamp: …`), or undefined.
 */
export function readCheckedUrl(detail: string): string | undefined {
  return /\burl: (\S+?)(?:, timestamp:|$)/.exec(detail)?.[1];
}
