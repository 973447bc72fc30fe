import { readdirSync } from 'node:fs';

/** Loads every file that holds entities, in every room: a pool that is opened afterwards knows them all. @returns how many files */
export async function loadEntities(): Promise<number> {
  const files = readdirSync('libs', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.entity.ts'));
  for (const file of files) await import(`../../libs/${file.replace(/\.ts$/, '.js')}`);
  return files.length;
}
