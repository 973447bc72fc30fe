// Bundles each operators' command (apps/*/src/ops/*.main.ts) into one file with the packages that it uses. Otherwise a
// command loads more than a thousand files, most of them for parts of the system that it does not use.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** Packages with native code, or with files that they look for next to their own. */
const EXTERNAL = [/^@node-rs\//, 'bull'];
const OURS = /[\\/]dist(?:\.new)?[\\/](?:apps|libs)[\\/]/;
const NEST = /[\\/]node_modules[\\/]@nestjs[\\/]/;
/** Loading a module of ours or of Nest affects no other module, so that unused ones are left out. */
const moduleSideEffects = [OURS, NEST].map((test) => ({ test, sideEffects: false }));

/** Lets our modules find files next to their original place. */
const originalPlace = (folder) => ({
  name: 'original-place',
  transform: {
    filter: { id: OURS, code: 'import.meta' },
    handler: (code, id) =>
      code.replaceAll(
        'import.meta.url',
        `new URL(${JSON.stringify(relative(join(folder, 'commands'), id))}, import.meta.url)`,
      ),
  },
});

const commandsIn = (folder) =>
  readdirSync(join(folder, 'apps'))
    .map((app) => join(folder, 'apps', app, 'src/ops'))
    .filter((ops) => existsSync(ops))
    .flatMap((ops) => readdirSync(ops).map((file) => join(ops, file)))
    .filter((file) => file.endsWith('.main.js'));

/** @param folder contains the compiled sources, and gains `commands/<name>.js` */
export async function buildCommands(folder) {
  const libs = readdirSync(join(folder, 'libs'));
  const alias = Object.fromEntries(libs.map((lib) => [`#libs/${lib}`, resolve(folder, 'libs', lib, 'src/index.js')]));
  for (const input of commandsIn(folder)) {
    const bundle = await rolldown({
      input,
      platform: 'node',
      external: EXTERNAL,
      resolve: { alias },
      treeshake: { moduleSideEffects },
      plugins: [originalPlace(folder)],
      // Warnings are about optional packages that are not installed.
      logLevel: 'silent',
    });
    const file = join(folder, 'commands', basename(input, '.main.js'));
    await bundle.write({ file: `${file}.js`, format: 'esm', keepNames: true, codeSplitting: false });
    await bundle.close();
  }
}
