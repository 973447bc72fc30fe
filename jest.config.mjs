import { readdirSync, readFileSync } from 'node:fs';

// Nest 12 ships ES modules only and Jest in CommonJS mode cannot require those: swc turns every ESM-only package into CommonJS.
const nm = new URL('./node_modules/', import.meta.url);
const packages = readdirSync(nm).flatMap((d) =>
  d.startsWith('.') ? [] : d.startsWith('@') ? readdirSync(new URL(`${d}/`, nm)).map((s) => `${d}/${s}`) : [d],
);
const esmOnly = packages.filter((name) => {
  try {
    return JSON.parse(readFileSync(new URL(`${name}/package.json`, nm), 'utf8')).type === 'module';
  } catch {
    return false;
  }
});
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  },
];

export default {
  testEnvironment: '<rootDir>/test/environment.mjs',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testRegex: '\\.(spec|db-spec|e2e-spec)\\.ts$',
  transform: {
    '^(?!.*/node_modules/).+\\.ts$': swc,
    [`/node_modules/(?:${esmOnly.join('|')})/.+\\.m?js$`]: swc,
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmOnly.join('|')})/)`],
  moduleNameMapper: { '^#libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts', '^(\\.{1,2}/.*)\\.js$': '$1' },
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
  maxWorkers: 3,
  testTimeout: 60_000,
};
