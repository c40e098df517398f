// The .env file: under the real environment, and never with a line that would be lost in silence.
import { ConfigError } from '../../../src/config/config';
import { mergeEnvFile } from '../../../src/config/env-file';

function faultsOf(text: string) {
  try {
    mergeEnvFile({}, text);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}

describe('mergeEnvFile', () => {
  it('adds what the real environment does not set, which wins even when it is empty', () => {
    const merged = mergeEnvFile(
      { PORT: '80', HOST: '', LOG_LEVEL: undefined },
      'PORT=3000\nHOST=::1\nLOG_LEVEL=debug\nBASE_PATH=/x',
    );
    expect(merged).toEqual({ PORT: '80', HOST: '', LOG_LEVEL: 'debug', BASE_PATH: '/x' });
  });

  it('reads comments, quotes, values over several lines, Windows line ends and a byte order mark', () => {
    const text =
      '\uFEFF# a comment: it\'s "fine"\r\nA=1\r\nexport B="two words" # why\r\n\r\nC=\'x\ny\n# z\'\nD=a=b\nE=it\'s\nF=\n';
    expect(mergeEnvFile({}, text)).toEqual({
      A: '1',
      B: 'two words',
      C: 'x\ny\n# z',
      D: 'a=b',
      E: "it's",
      F: '',
    });
  });

  it('does not change the environment it is given', () => {
    const environment = Object.freeze({ A: '1' });
    expect(mergeEnvFile(environment, 'B=2')).toEqual({ A: '1', B: '2' });
  });

  it('refuses what Node has read before, and says where to put it', () => {
    const faults = faultsOf('A=1\nNODE_EXTRA_CA_CERTS=/ca.pem\nNODE_OPTIONS=--max-http-header-size=1');
    expect(faults.map(({ variable }) => variable)).toEqual(['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS']);
    expect(faults[0]?.message).toMatch(/Node reads it earlier: set it in the real environment.*LARK_CA_FILE/);
    expect(faults[1]?.message).toMatch(
      /Node reads it earlier: set it in the real environment.*before dist\/main\.js/,
    );
  });

  it('leaves those of the real environment alone', () => {
    expect(mergeEnvFile({ NODE_OPTIONS: '--x' }, 'A=1')).toEqual({ NODE_OPTIONS: '--x', A: '1' });
  });

  it.each([
    ['A=1\nhush\nB=2', 2, /not a NAME=value line: write NAME=value/],
    ['A="x\ny"\n\nhush hush', 4, /not a NAME=value line/],
    ['# c\nLARK APP=hush', 2, /not a NAME=value line/],
    ['=hush', 1, /not a NAME=value line/],
    ['A=1\nB="hush\nC=3', 2, /opens a quote/],
  ])('names the line of %j that cannot be read, without its text', (text, line, message) => {
    const [fault, ...others] = faultsOf(text);
    expect(fault?.variable).toBe('.env');
    expect(fault?.message).toContain(`line ${line} `);
    expect(fault?.message).toMatch(message);
    expect(fault?.message).not.toContain('hush');
    expect(others).toEqual([]);
  });
});
