// Merges a `.env` file into the environment: variables of the real environment win.
import { parseEnv } from 'node:util';
import { ConfigError, type ConfigFault } from './config-error';

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Read by Node before any file of ours: in a `.env` file they would have no effect. */
const READ_BY_NODE_ITSELF: Readonly<Record<string, string>> = {
  NODE_EXTRA_CA_CERTS: 'or name the certificates in LARK_CA_FILE, which may be set in this file',
  NODE_OPTIONS: 'or give the options to node itself, before dist/main.js',
};

/**
 * `environment` with the variables of a `.env` file (`text`) under it; one that is set in `environment`, even to nothing, keeps its
 * value. Throws `ConfigError` for `NODE_EXTRA_CA_CERTS` and `NODE_OPTIONS`, and for lines that are not NAME=value.
 *
 * @example mergeEnvFile({ PORT: '80' }, 'PORT=3000\nHOST=::1') // { PORT: '80', HOST: '::1' }
 */
export function mergeEnvFile(environment: Environment, text: string): Record<string, string | undefined> {
  // Some editors begin a file with a byte order mark, which would become part of the first name.
  const content = text.replace(/^\uFEFF/, '');
  const faults = findBrokenLines(content);
  if (faults.length > 0) throw new ConfigError(faults);

  const fromFile = parseEnv(content);
  const refused = Object.entries(READ_BY_NODE_ITSELF).filter(([variable]) => variable in fromFile);
  if (refused.length > 0) {
    throw new ConfigError(
      refused.map(([variable, instead]) => ({
        variable,
        message: `has no effect in .env, since Node reads it earlier: set it in the real environment (shell, unit file or container), ${instead}`,
      })),
    );
  }
  const merged: Record<string, string | undefined> = { ...fromFile };
  for (const [variable, value] of Object.entries(environment))
    if (value !== undefined) merged[variable] = value;
  return merged;
}

/** Node's parser joins a line without "=" to the next and drops all after an open quote; both lose settings silently. */
function findBrokenLines(content: string): ConfigFault[] {
  const lines = content
    .replace(/^[ \t]*#.*$/gm, '')
    // A quoted value may span lines; only their number is kept, so that the lines after it are counted right.
    .replace(/^([ \t]*(?:export[ \t]+)?\w+[ \t]*=)[ \t]*(["'`])[^]*?\2/gm, (value, name: string) =>
      [name, ...value.split('\n').slice(1).fill('#')].join('\n'),
    )
    .split('\n');
  return lines.flatMap((line, index) => {
    const at = `line ${index + 1}`;
    if (line.trim() === '' || line.trim().startsWith('#')) return [];
    if (!/^\s*(export\s+)?[a-z_]\w*\s*=/i.test(line)) {
      return [
        {
          variable: '.env',
          message: `${at} is not a NAME=value line: write NAME=value, or # before a comment`,
        },
      ];
    }
    if (/^[^=]*=\s*["'`]/.test(line))
      return [{ variable: '.env', message: `${at} opens a quote and does not close it` }];
    return [];
  });
}
