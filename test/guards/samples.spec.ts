import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { readDocument } from '../../apps/platform/src/documentation/reference/model.js';
import { typescriptOf } from '../../apps/platform/src/documentation/reference/samples.js';

const FOLDER = 'node_modules/.cache/samples';

const bodyOf = (sample: string) =>
  sample
    .split('\n')
    .filter((line) => !line.startsWith('import '))
    .join('\n');

it('every TypeScript example at /docs compiles with the client', () => {
  const { operations } = readDocument(JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as OpenAPIObject);
  const samples = operations.map(
    (one) => `export async function ${one.id}() {\n${bodyOf(typescriptOf(one, 'http://127.0.0.1'))}\n}`,
  );
  const imports = `import { answered, starwall } from '#libs/client';\nimport { readFile } from 'node:fs/promises';\n`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/samples.ts`, imports + samples.join('\n'));
  const options = { noEmit: true, noUnusedLocals: false, incremental: false };
  const project = { extends: '../../../tsconfig.json', compilerOptions: options, include: ['samples.ts'], exclude: [] };
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(project));
  const compiler = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', FOLDER], {
    encoding: 'utf8',
  });
  expect(compiler.stdout).toBe('');
  expect(samples.length).toBeGreaterThan(150);
}, 120_000);
