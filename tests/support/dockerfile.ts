// Carries a Dockerfile out without a container engine: every stage in an empty folder of its own, COPY and RUN in their order.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an image would be. */
export interface Image {
  /** Holds the image's file system as far as the Dockerfile makes it. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Record<string, string>;
  readonly user: string | undefined;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
  /** The commands of all its stages, as they were run. */
  readonly commands: readonly string[];
  readonly baseImages: readonly string[];
}

interface Stage extends Omit<Image, 'commands' | 'baseImages'> {
  readonly name: string;
}

/** The instructions of a Dockerfile; continued lines are joined, comments left out. */
export function parseDockerfile(text: string): { word: string; rest: string }[] {
  const lines = text.replaceAll(/\\\n/g, ' ').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest };
    });
}

/**
 * Carries out the Dockerfile of `context` below `scratch`, an empty folder. Throws for an instruction it does not know, a
 * file that is not there, and a command that fails, with what that has said.
 */
export function buildImage(context: string, scratch: string, env: Record<string, string> = {}): Image {
  const args = new Map<string, string>();
  const substitute = (text: string): string =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => args.get(name) ?? '');
  const stages: Stage[] = [];
  const commands: string[] = [];
  const baseImages: string[] = [];
  let stage: { -readonly [Key in keyof Stage]: Stage[Key] } | undefined;

  for (const { word, rest } of parseDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    if (word === 'ARG') {
      const [name = '', ...value] = rest.split('=');
      if (!args.has(name) || value.join('=') !== '') args.set(name, value.join('='));
      continue;
    }
    if (word === 'FROM') {
      const [image = '', , name = String(stages.length)] = rest.split(' ');
      baseImages.push(substitute(image));
      stage = {
        name,
        root: join(scratch, name),
        workdir: '/',
        env: {},
        user: undefined,
        entrypoint: [],
        healthcheck: [],
      };
      mkdirSync(stage.root);
      stages.push(stage);
      continue;
    }
    if (stage === undefined) throw new Error(`${word} stands before FROM`);
    const current = stage;
    const inside = (path: string): string =>
      path.startsWith('/') ? join(current.root, path) : join(current.root, current.workdir, path);
    switch (word) {
      case 'WORKDIR':
        stage.workdir = rest;
        mkdirSync(inside('.'), { recursive: true });
        break;
      case 'ENV': {
        const [name = '', ...value] = rest.split('=');
        stage.env[name] = substitute(value.join('='));
        break;
      }
      case 'COPY': {
        const [, from, paths = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
        const origin = from === undefined ? context : stages.find(({ name }) => name === from)!.root;
        const sources = paths.split(' ');
        const target = sources.pop()!;
        for (const source of sources) {
          const to = target.endsWith('/') ? join(inside(target), source) : inside(target);
          mkdirSync(dirname(to), { recursive: true });
          cpSync(join(origin, source), to, { recursive: true, verbatimSymlinks: true });
        }
        break;
      }
      case 'RUN':
        commands.push(rest);
        execFileSync('/bin/sh', ['-c', rest], {
          cwd: inside('.'),
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...stage.env, ...env },
          stdio: 'pipe',
        });
        break;
      case 'USER':
        stage.user = rest;
        break;
      case 'ENTRYPOINT':
        stage.entrypoint = JSON.parse(rest) as string[];
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('['))) as string[];
        break;
      case 'EXPOSE':
        break;
      default:
        throw new Error(`the instruction ${word} is not known here`);
    }
  }
  if (stage === undefined) throw new Error('there is no FROM');
  return { ...stage, commands, baseImages };
}
