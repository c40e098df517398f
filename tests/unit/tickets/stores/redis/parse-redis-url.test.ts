import { parseRedisUrl } from '../../../../../src/tickets/stores/redis/parse-redis-url';

const PLAIN = { tls: false, database: 0, prefix: 'lark-jsapi-signer:' };

/** As parsed, with the password in clear. */
function parsed(url: string) {
  const { url: text, password, sentinelPassword, ...address } = parseRedisUrl(url);
  expect(text.reveal()).toBe(url);
  return {
    ...address,
    ...(password && { password: password.reveal() }),
    ...(sentinelPassword && { sentinelPassword: sentinelPassword.reveal() }),
  };
}

/** What parsing says of a URL it refuses. */
function refusal(url: string): string {
  try {
    parseRedisUrl(url);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('a Redis address', () => {
  test.each([
    ['redis://cache.internal', { nodes: [{ host: 'cache.internal', port: 6379 }] }],
    ['redis://cache.internal:6380/', { nodes: [{ host: 'cache.internal', port: 6380 }] }],
    ['redis://h:65535', { nodes: [{ host: 'h', port: 65535 }] }],
    ['redis://10.0.0.1:6379/3', { nodes: [{ host: '10.0.0.1', port: 6379 }], database: 3 }],
    ['redis://[::1]:6380', { nodes: [{ host: '::1', port: 6380 }] }],
    ['rediss://h', { nodes: [{ host: 'h', port: 6379 }], tls: true }],
    ['redis://u:p@h', { nodes: [{ host: 'h', port: 6379 }], username: 'u', password: 'p' }],
    ['redis://:p@h', { nodes: [{ host: 'h', port: 6379 }], password: 'p' }],
    ['redis://u:@h', { nodes: [{ host: 'h', port: 6379 }], username: 'u', password: '' }],
    [
      'redis://a%40b:p%2F%40%3A%25@h',
      { nodes: [{ host: 'h', port: 6379 }], username: 'a@b', password: 'p/@:%' },
    ],
    ['redis://:p@q@h', { nodes: [{ host: 'h', port: 6379 }], password: 'p@q' }],
    ['redis://:p:q@h', { nodes: [{ host: 'h', port: 6379 }], password: 'p:q' }],
    ['redis://h?prefix=signer%3A', { nodes: [{ host: 'h', port: 6379 }], prefix: 'signer:' }],
    ['redis://h/1?prefix=', { nodes: [{ host: 'h', port: 6379 }], database: 1, prefix: '' }],
    [
      'redis+sentinel://u:p@h1:26380,h2,[::1]/mymaster/2?prefix=x:',
      {
        nodes: [
          { host: 'h1', port: 26380 },
          { host: 'h2', port: 26379 },
          { host: '::1', port: 26379 },
        ],
        master: 'mymaster',
        username: 'u',
        password: 'p',
        database: 2,
        prefix: 'x:',
      },
    ],
    ['redis://h?prefix={signer}:', { nodes: [{ host: 'h', port: 6379 }], prefix: '{signer}:' }],
    [
      'rediss://h?cert=/etc/redis/tls.crt&key=/etc/redis/tls.key',
      {
        nodes: [{ host: 'h', port: 6379 }],
        tls: true,
        certificate: { certFile: '/etc/redis/tls.crt', keyFile: '/etc/redis/tls.key' },
      },
    ],
    [
      'redis+sentinel://:p@h/m?sentinel_password=a+b%40c',
      { nodes: [{ host: 'h', port: 26379 }], master: 'm', password: 'p', sentinelPassword: 'a+b@c' },
    ],
    ['rediss+sentinel://h/m', { nodes: [{ host: 'h', port: 26379 }], master: 'm', tls: true }],
  ])('is read: %s', (url, expected) => {
    expect(parsed(url)).toEqual({ ...PLAIN, ...expected });
  });

  test.each([
    ['http://h', 'no Redis address'],
    ['redis:h', 'no Redis address'],
    ['REDIS_URL=redis://h', 'no Redis address'],
    ['mail@h://h', 'no Redis address'],
    ['', 'redis://[user:password@]host[:port][/database]'],
    ['', 'redis+sentinel://'],
    ['redis://h#1', 'no Redis address'],
    ['redis://', 'host or its port'],
    ['redis://h:0', 'host or its port'],
    ['redis://h:65536', 'host or its port'],
    ['redis://h:port', 'host or its port'],
    ['redis://::1', 'IPv6'],
    ['redis://h1,h2', 'redis+sentinel'],
    ['redis://h/one', 'database'],
    ['redis://h/1/2', 'database'],
    ['redis://h/-1', 'database'],
    ['redis+sentinel://h', 'name of the master'],
    ['redis+sentinel://h/', 'name of the master'],
    ['redis+sentinel://h/m/x', 'database'],
    ['redis+sentinel://h1,/m', 'host or its port'],
    ['redis://h?db=1', '?prefix='],
    ['redis://h?prefix=a&prefix=b', '?prefix='],
    ['rediss://h?cert=/c.pem', '?cert=<PEM file>&key=<PEM file>'],
    ['rediss://h?key=/k.pem&cert=', '?cert=<PEM file>&key=<PEM file>'],
    ['redis://h?cert=/c.pem&key=/k.pem', 'rediss://'],
    ['redis://h?sentinel_password=p', 'redis+sentinel://'],
    ['redis://user@h', ':password@'],
    ['redis://:100%@h', '%25'],
  ])('is refused with what to write instead: %s', (url, says) => {
    expect(refusal(url)).toContain(says);
  });

  test.each([
    'hunter2secret',
    'redis://hunter2secret@h',
    'redis://:hunter2secret/@h',
    'redis://:hunter2secret?@h',
    'redis://:hunter2secret#@h',
    'redis://:hunter2secret%@h',
    'redis://:hunter2secret@h:port',
    'redis://h:hunter2secret',
    'redis://:hunter2secret@h/x',
    'redis://h?password=hunter2secret',
    'http://u:hunter2secret@h',
  ])('is refused without repeating a password: %s', (url) => {
    expect(refusal(url)).not.toContain('hunter2');
  });

  test.each(['/', '?', '#'])('with a raw %s in the password is refused with how to write it', (character) => {
    expect(refusal(`redis://:a${character}b@h`)).toContain(encodeURIComponent(character));
  });

  test('hides its password when it is printed', () => {
    expect(JSON.stringify(parseRedisUrl('redis://:hunter2@h'))).not.toContain('hunter2');
  });
});
