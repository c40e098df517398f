// Values that still have the quotation marks of the file they come from, as docker's --env-file leaves them.

/** For a value that `isQuoted`: what is wrong, and what to write. */
export const QUOTED_FAULT =
  "the value stands in quotation marks, which docker's --env-file keeps: write it without them";

/** Whether quotation marks stand around `text`: a shell or `.env` takes them off, and no value of ours has them. */
export function isQuoted(text: string): boolean {
  return /^(["'`]).*\1$/s.test(text);
}
