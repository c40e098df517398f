// The bundlers that the package supports: each bundles a module into one file.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { runProgram } from './pack-package';

export interface BundleJob {
  /** Path of the module to bundle. */
  readonly entry: string;
  /** Path of the script to write. */
  readonly outfile: string;
  readonly platform: 'browser' | 'node';
}

/** Throws with what the bundler says when it fails. `home` is where its own package is installed, unless it is. */
type Bundle = (home: string, job: BundleJob) => void;

/** With its defaults for production; servers are not minified, which takes it minutes on a busy machine. */
const WEBPACK = `
import { basename, dirname } from 'node:path';
import webpack from 'webpack';
const { entry, outfile, platform } = JSON.parse(process.argv[2]);
const [target, minimize] = platform === 'node' ? ['node', false] : ['web', true];
const output = { path: dirname(outfile), filename: basename(outfile) };
webpack({ mode: 'production', entry, output, target, optimization: { minimize } }, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString('errors-only'));
});
`;
const VITE = `
import { basename, dirname } from 'node:path';
import { build } from 'vite';
const { entry, outfile } = JSON.parse(process.argv[2]);
const output = { format: 'iife', entryFileNames: basename(outfile) };
const rollupOptions = { input: entry, output };
await build({ configFile: false, logLevel: 'warn', build: { target: 'es2017', outDir: dirname(outfile), rollupOptions } });
`;

/** `specifier` is what npm installs; `program` an ES module next to it, which reads its job from the first argument. */
function installed(specifier: string, program: string): Bundle {
  return (home, job) => {
    const folder = join(home, specifier);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      writeFileSync(join(folder, 'bundle.mjs'), program);
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      runProgram('npm', ['install', ...options, specifier], folder);
    }
    runProgram(process.execPath, ['bundle.mjs', JSON.stringify(job)], folder);
  };
}

/** The development dependency of this repository. */
const bundleWithEsbuild: Bundle = (_home, { entry, outfile, platform }) => {
  const { warnings } = buildSync({
    ...{ entryPoints: [entry], outfile, bundle: true, platform },
    ...(platform === 'node' ? { target: 'node20', format: 'cjs' } : { target: 'es2017', format: 'iife' }),
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
};

/** By name. webpack 4 knows neither `exports` nor syntax newer than ES2017. */
export const BUNDLERS = {
  esbuild: bundleWithEsbuild,
  Vite: installed('vite@8.4.0', VITE),
  'webpack 4': installed('webpack@4.47.0', WEBPACK),
  'webpack 5': installed('webpack@5.113.0', WEBPACK),
};
