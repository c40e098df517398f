// Values that still have the quotation marks of the file they come from, as docker's --env-file leaves them.

/** For a value that `isQuoted`: what is wrong, and what to write. */
export const QUOTED_FAULT =
  "the value is in quotation marks, which docker's --env-file keeps: write it without them";

/** Whether `text` is in quotation marks: a shell or `.env` removes them, and no value of ours has them. */
export function isQuoted(text: string): boolean {
  return /^(["'`]).*\1$/s.test(text);
}
