import { defineConfig } from 'vitest/config';

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
    maxWorkers: 3,
    // With Node's default, an eighth of a starting system's CPU time is garbage collection.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
