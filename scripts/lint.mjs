// `npm run lint`: types and lint in one process, which share the compiler's programs: a quarter less CPU than one after the other
// (75 s against 105 s). Arguments are files to lint; without any, all of them and their types.
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';

function createProgram(configPath) {
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(
    resolve(configPath),
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(`${configPath}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
      },
    },
  );
  // The linter needs each node's parent.
  return ts.createProgram(fileNames, options, ts.createCompilerHost(options, true));
}

const programs = ['tsconfig.json', 'src/browser/tsconfig.json', 'tests/types/tsconfig.json'].map(
  createProgram,
);
const diagnostics = programs.flatMap((program) => ts.getPreEmitDiagnostics(program));
process.stdout.write(
  ts.formatDiagnostics(diagnostics, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => '\n',
  }),
);

const eslint = new ESLint({
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { project: null, programs } } }],
});
const files = process.argv.slice(2);
const results = await eslint.lintFiles(files.length > 0 ? files : ['.']);
const { format } = await eslint.loadFormatter();
process.stdout.write(await format(results));
const hasFindings = results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0);
if (diagnostics.length > 0 || hasFindings) process.exitCode = 1;
