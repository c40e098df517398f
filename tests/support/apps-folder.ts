// A folder with an apps file, exchanged as Kubernetes exchanges a ConfigMap: by a symbolic link to another folder.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxApp } from '../../src/sandbox/sandbox';
import type { WorldOptions } from './world';

export interface AppsFolder {
  /** The apps file; its folder is a link. */
  readonly path: string;
  /** Puts `files` in place of all files, at once. */
  swap(files: Record<string, string>): void;
  remove(): void;
}

export function createAppsFolder(files: Record<string, string>): AppsFolder {
  const root = mkdtempSync(join(tmpdir(), 'apps-folder-'));
  const link = join(root, 'current');
  let generation = 0;
  function swap(next: Record<string, string>): void {
    generation += 1;
    const folder = join(root, `generation-${generation}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(next)) writeFileSync(join(folder, name), text);
    symlinkSync(folder, `${link}.next`);
    renameSync(`${link}.next`, link);
  }
  swap(files);
  return { path: join(link, 'apps.json'), swap, remove: () => rmSync(root, { recursive: true }) };
}

/** An app as it is in the file. */
export type WrittenApp = Record<string, unknown> & { alias: string; appId: string };

/** The text of an apps file. */
export const appsFile = (apps: readonly WrittenApp[]): string => JSON.stringify({ apps });

/** The app called `alias`, as it is in the file; its pages are those of https://<alias>.example.com. */
export function writtenApp(alias: string, more: Record<string, unknown> = {}): WrittenApp {
  return {
    alias,
    appId: `cli_${alias}`,
    appSecret: `secret-of-${alias}`,
    allowedOrigins: [pageOf(alias)],
    ...more,
  };
}

/** The same app, as the platform knows it. */
export function platformApp(alias: string): SandboxApp {
  return { appId: `cli_${alias}`, appSecret: `secret-of-${alias}`, trustedDomains: [`${alias}.example.com`] };
}

export const pageOf = (alias: string): string => `https://${alias}.example.com`;

/** What a world needs to run with the apps file at `path`. */
export function withAppsFile(path: string, aliases: readonly string[], env = {}): WorldOptions {
  return {
    env: { LARK_APP_ID: '', LARK_APP_SECRET: '', ALLOWED_ORIGINS: '', LARK_APPS_FILE: path, ...env },
    readFile: (file) => readFileSync(file, 'utf8'),
    sandbox: { apps: aliases.map(platformApp) },
  };
}
