// Misspelt variables: near enough to be meant, far enough not to belong to another program.
import { findMisspelt } from '../../../src/config/find-misspelt';

const KNOWN = ['LARK_APP_ID', 'LARK_APP_SECRET', 'ALLOWED_ORIGINS', 'LOG_LEVEL', 'BASE_PATH', 'HOST', 'PORT'];

describe('findMisspelt', () => {
  it.each([
    ['LARK_APPID', 'LARK_APP_ID'],
    ['lark_app_id', 'LARK_APP_ID'],
    ['LARK_APP_SERCET', 'LARK_APP_SECRET'],
    ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
    ['ALLOW_ORIGINS', 'ALLOWED_ORIGINS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVL', 'LOG_LEVEL'],
  ])('takes %s for %s', (written, meant) => {
    expect(findMisspelt([written], KNOWN)).toEqual([{ written, meant }]);
  });

  it.each(['HOST', 'POST', 'PORTS', 'HOSTNAME', 'PATH', 'BASH_PTH', 'ORIGINS', 'LARK', 'LOG_FILE', ''])(
    'leaves %j alone',
    (name) => {
      expect(findMisspelt([name], KNOWN)).toEqual([]);
    },
  );
});
