// Runs a built program, given its path in dist/, with the remaining arguments. It does not build, because starting a program must not
// change files that other processes are running from.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [program] = process.argv.splice(2, 1);
const main = new URL(`../dist/${program}`, import.meta.url);
if (!existsSync(main)) {
  console.error('Starwall has not been built yet. Run `npm run build` first.');
  process.exit(1);
}
process.argv[1] = fileURLToPath(main);
process.setSourceMapsEnabled(true);
await import(main.href);
