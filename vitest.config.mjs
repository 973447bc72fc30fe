import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.mjs';

export default defineConfig({
  resolve: { alias: [{ find: /^#libs\/([^/]+)$/, replacement: `${import.meta.dirname}/libs/$1/src/index.ts` }] },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    globals: true,
    include: ['{apps,libs,test}/**/*.{spec,db-spec,e2e-spec}.ts'],
    globalSetup: ['test/global-setup.mjs'],
    setupFiles: ['test/suite.mjs'],
    // The suites of a worker share its modules: loading them takes longer than most suites do.
    pool: 'forks',
    isolate: false,
    // Many suites wait for a browser, another process or a time limit: two workers leave two cores half idle.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Compiling the sources takes a fifth of the workers' start. The key of a module contains its text.
    experimental: { fsModuleCache: true },
    // With Node's default, an eighth of a starting system's CPU time is garbage collection.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
