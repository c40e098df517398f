// Jest runs the TypeScript sources; `npm run lint` does the type checking that isolatedModules leaves out.
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  // What the build makes and the service serves: the tests run the sources.
  globalSetup: '<rootDir>/scripts/static-files.mjs',
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': 'ts-jest' },
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/browser/**'],
  coverageReporters: ['text-summary', 'lcov'],
  // Every core: by default Jest leaves one out, which of two is half.
  maxWorkers: '100%',
  // A worker that has run a hundred files frees its memory before it ends, which takes longer than the half second of the default.
  workerGracefulExitTimeout: 10_000,
  // Only a hang takes as long: each wait has a shorter limit of its own, and a busy machine stalls a browser for ten seconds.
  testTimeout: 120_000,
};

export default config;
