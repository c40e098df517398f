// The contents of the apps file and of the secret files it names, read together, so that a change of any of them is noticed.
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { SECRET_NAMES } from './apps-schema';
import { parseSecretFile, readText, type ReadFile } from '../variable-kinds';

/** A file's text, or why it cannot be read. */
export type FileText = { readonly text: string } | { readonly fault: string };

/** Everything the apps are configured with. */
export interface AppsFileContent {
  readonly text: string;
  /** The secret files, by their path as it is written in `text`. */
  readonly secretFiles: ReadonlyMap<string, FileText>;
}

/** Reads the apps file and its secret files at once, for the start. Throws an `Error` when the apps file cannot be read. */
export function readAppsFile(path: string, readFile: ReadFile): AppsFileContent {
  const text = readText(path, readFile);
  const read = (written: string): FileText => {
    try {
      return { text: parseSecretFile(readText(resolve(dirname(path), written), readFile)) };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  };
  return { text, secretFiles: new Map(secretPaths(text).map((written) => [written, read(written)])) };
}

/** Asynchronous variant. */
export async function readAppsFileAsync(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<AppsFileContent> {
  const texts = new Map<string, string | Error>();
  const load = async (file: string): Promise<void> => {
    texts.set(file, await readFile(file).catch((error: unknown) => error as Error));
  };
  const recall = (file: string): string => {
    const text = texts.get(file);
    if (typeof text === 'string') return text;
    throw text ?? new Error('unknown');
  };
  await load(path);
  // One after the other: some hundred small files take milliseconds, and the thread pool is left to others.
  for (const written of secretPaths(readText(path, recall))) await load(resolve(dirname(path), written));
  return readAppsFile(path, recall);
}

/** Equal for equal contents; reveals nothing of the secrets. */
export function digestOf({ text, secretFiles }: AppsFileContent): string {
  return createHash('sha256')
    .update(JSON.stringify([text, ...secretFiles]))
    .digest('hex');
}

/** The secret files that `text` names; none where its form is wrong, which the parser reports. */
function secretPaths(text: string): string[] {
  const paths = appsIn(text).flatMap((app) => SECRET_NAMES.map((name) => app[`${name}File`]));
  return [...new Set(paths)].filter((path) => typeof path === 'string' && path !== '') as string[];
}

/** The objects in the list `apps`, whatever else is wrong with `text`. */
export function appsIn(text: string): Record<string, unknown>[] {
  const file = readJson(text);
  const apps = isRecord(file) ? file['apps'] : undefined;
  return Array.isArray(apps) ? apps.map((app: unknown) => (isRecord(app) ? app : {})) : [];
}

/** The value of a JSON text, a byte order mark ignored; undefined when it is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
