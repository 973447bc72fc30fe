import { readdirSync } from 'node:fs';

/** Loads all entity files, so that a pool opened afterwards knows them. @returns the number of files */
export async function loadEntities(): Promise<number> {
  const files = readdirSync('libs', { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.entity.ts'));
  for (const file of files) await import(`../../libs/${file.replace(/\.ts$/, '.js')}`);
  return files.length;
}
