import { RedisFailure } from '../../../../../src/tickets/stores/redis/redis-failure';

describe('a failure of Redis', () => {
  test.each([
    "ERR unknown command 'EVAL', with args beginning with: 'return 1'",
    'ERR unknown command `eval`',
    "NOPERM User signer has no permissions to run the 'eval' command",
    'NOPERM this user has no permissions to access one of the channels used as arguments',
    'ERR command eval not support for normal user',
    "ERR handle request, command 'EVAL' is not allowed",
    'unsupported command [EVAL]',
  ])('is a refusal of the command: %s', (message) => {
    expect(new RedisFailure(new Error(message)).refused).toBe(true);
  });

  test.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR Error running script (call to f_0): @user_script:2: -OOM command not allowed when used memory > 'maxmemory'.",
    "ERR Error running script (call to f_0): @user_script:1: NOPERM this user has no permissions to run the 'get' command",
    "READONLY You can't write against a read only replica.",
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'LOADING Redis is loading the dataset in memory',
    'NOAUTH Authentication required.',
    'Socket closed unexpectedly',
  ])('is no refusal of the command: %s', (message) => {
    expect(new RedisFailure(new Error(message)).refused).toBe(false);
  });

  test.each([
    ["READONLY You can't write against a read only replica.", true],
    ["ERR unknown command 'READONLY'", false],
    ['MASTERDOWN Link with MASTER is down', false],
    ['it is READONLY', false],
  ])('tells a replica, which takes no writes: %s', (message, isReadOnly) => {
    expect(new RedisFailure(new Error(message)).readOnly).toBe(isReadOnly);
  });

  test.each([',', ''])('repeats no argument of a command, on however many lines (%p)', (comma) => {
    const thrown = new Error(`ERR unknown command 'SET'${comma} with args beginning with: 'key' 'a\nticket'`);
    expect(new RedisFailure(thrown)).toMatchObject({
      name: 'RedisFailure',
      message: "ERR unknown command 'SET'",
    });
  });

  test('without a message has its code for one', () => {
    const thrown = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(new RedisFailure(thrown).message).toBe('ECONNREFUSED');
    expect(new RedisFailure({ code: 'ETIMEDOUT' }).message).toBe('ETIMEDOUT');
    expect(new RedisFailure('thrown').message).not.toBe('');
  });
});
