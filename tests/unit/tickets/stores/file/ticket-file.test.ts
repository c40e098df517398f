// The text form of a ticket file.
import { parseTicketFile, serialiseTicketFile } from '../../../../../src/tickets/stores/file/ticket-file';

describe('parseTicketFile', () => {
  it('takes no entry whose end could not be written again', () => {
    const text = serialiseTicketFile(new Map([['n', { text: 't', endsAtMs: 1 }]]));
    expect(parseTicketFile(text)?.get('n')).toEqual({ text: 't', endsAtMs: 1 });
    // JSON has no limit of its own: this is read as Infinity, and written as null.
    expect(parseTicketFile(text.replace('1}', '1e999}'))).toBeUndefined();
  });
});
