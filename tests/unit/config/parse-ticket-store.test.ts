// What TICKET_STORE may say.
import { describeTicketStore, parseTicketStore } from '../../../src/config/parse-ticket-store';
import { Secret } from '../../../src/base/secret';

const parse = (text: string) => parseTicketStore(new Secret(text));

test('memory, a file and Redis are read', () => {
  expect(parse('memory')).toEqual({ kind: 'memory' });
  expect(parse('file:data/tickets.json')).toEqual({ kind: 'file', path: 'data/tickets.json' });
  expect(parse('rediss://u:p@cache.internal/2')).toMatchObject({ kind: 'redis' });
  expect(parse('redis+sentinel://a,b/main')).toMatchObject({ kind: 'redis' });
});

test.each(['', 'disk', 'file:', 'file:///data/tickets.json', 'redis:/host', 'redis://:pass/word@host'])(
  '%j is refused, and nothing of it is repeated',
  (text) => {
    const refused = (): unknown => parse(text);
    expect(refused).toThrow(/write|not one of/);
    expect(refused).not.toThrow(/pass\/word|hush/);
  },
);

test('a description names hosts and no password', () => {
  expect(describeTicketStore(parse('redis://u:hush@cache.internal:6380/2'))).toBe(
    'redis://cache.internal:6380/2',
  );
  expect(describeTicketStore(parse('redis+sentinel://:hush@a,b/main'))).toBe(
    'redis+sentinel://a:26379,b:26379/main/0',
  );
  expect(describeTicketStore(parse('file:/data/t.json'))).toBe('file:/data/t.json');
});
