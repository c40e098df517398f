// The recipes for frameworks: their titles in docs/frameworks.md, and the one file of each that a reader writes, below examples/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLES = join(__dirname, '../../examples');

/** What a reader is ready to write, in a server with its start, or in a page. */
export const MAX_LINES = 15;

export interface Recipe {
  readonly title: string;
  /** The folder below examples/, a project of its own. */
  readonly name: string;
  /** The user's code. */
  readonly file: string;
}

export const RECIPES: readonly Recipe[] = [
  { title: 'node:http', name: 'node-http', file: 'server.mjs' },
  { title: 'Express 5', name: 'express-5', file: 'server.mjs' },
  { title: 'Express 4', name: 'express-4', file: 'server.mjs' },
  { title: 'Koa', name: 'koa', file: 'server.mjs' },
  { title: 'Fastify', name: 'fastify', file: 'server.mjs' },
  { title: 'Hono', name: 'hono', file: 'server.mjs' },
  { title: 'h3', name: 'h3', file: 'server.mjs' },
  { title: 'NestJS', name: 'nestjs', file: 'main.ts' },
  { title: 'Next.js', name: 'next', file: 'app/lark/[...path]/route.js' },
];

/** Where the project of a recipe is. */
export function folderOf({ name }: Recipe): string {
  return join(EXAMPLES, name);
}

/** The text of the user's file. */
export function codeOf(recipe: Recipe): string {
  return readFileSync(join(folderOf(recipe), recipe.file), 'utf8');
}

/** How many lines the user writes: comments and empty lines are not counted. */
export function countLines(code: string): number {
  return code.split('\n').filter((line) => !/^\s*(?:\/\/.*)?$/.test(line)).length;
}
