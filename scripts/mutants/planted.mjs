import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './copy.mjs';

const folder = join(root, 'test/planted');

/**
 * Handwritten bugs, each with the proof that has to notice it. Small ones are replacements, listed in the modules of
 * test/planted; larger ones are patches, whose head contains `Bug:` and `Proof:`.
 */
export async function readPlanted(words) {
  const files = readdirSync(folder).sort();
  const patches = files.filter((file) => file.endsWith('.patch')).map(readPatch);
  const lists = await Promise.all(files.filter((file) => file.endsWith('.mjs')).map(readList));
  const wanted = ({ name, bug, file = '' }) =>
    words.length === 0 || words.some((word) => `${name} ${bug} ${file}`.toLowerCase().includes(word.toLowerCase()));
  return [...patches, ...lists.flat()].filter(wanted);
}

function readPatch(file) {
  const text = readFileSync(join(folder, file), 'utf8');
  const [bug, proof] = ['Bug', 'Proof'].map((name) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1]);
  if (bug === undefined || proof === undefined) throw new Error(`${file} lacks its Bug: or its Proof:.`);
  return {
    name: file.replace('.patch', ''),
    bug,
    proof,
    needsBuild: proof.startsWith('chaos ') || /^\+\+\+ b\/migrations/m.test(text),
    plant: (copy) => copy.patch(join(folder, file)),
  };
}

async function readList(file) {
  const { default: bugs } = await import(join(folder, file));
  return bugs.map((each, i) => ({
    ...each,
    name: `${file.replace('.mjs', '')}-${i + 1}`,
    proof: `vitest ${each.proof}`,
    needsBuild: each.file.startsWith('migrations/'),
    plant: async (copy) => copy.write(each.file, replaceOnce(copy.read(each.file), each)),
  }));
}

/**
 * @throws Error unless the text occurs in the file exactly once: a bug that is nowhere, or in two places, proves
 * nothing
 */
export function replaceOnce(text, { file, was, becomes }) {
  const parts = text.split(was);
  if (parts.length !== 2) throw new Error(`${file} contains this ${parts.length - 1} times instead of once: ${was}`);
  return parts.join(becomes);
}
