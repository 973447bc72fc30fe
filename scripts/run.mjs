// Runs a program that has been built, with the arguments that follow its path in dist/. It does not build: a program that is started, or a
// command that is run beside it, must not change the files that others run.
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
