import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Files that assemble a room, and therefore import from all of its folders. */
const ASSEMBLES = /(?:^|\/)(?:index|main|rooms|bootstrap|tables|router)\.tsx?$|\.(?:module|main)\.ts$/;

/** Relative imports between folders, each with the files that contain it. */
type Edges = Map<string, Map<string, string[]>>;

function edgesIn(sources: ReadonlyMap<string, string>): Edges {
  const edges: Edges = new Map();
  for (const [file, text] of sources) {
    if (ASSEMBLES.test(file)) continue;
    for (const [, specifier = ''] of text.matchAll(/\bfrom\s+'(\.{1,2}\/[^']+)'/g)) {
      const target = normalize(join(dirname(file), specifier));
      const [from, to] = [dirname(file), dirname(target)];
      if (from === to) continue;
      const targets = edges.get(from) ?? new Map<string, string[]>();
      edges.set(from, targets.set(to, [...(targets.get(to) ?? []), `${file} imports ${target}`]));
    }
  }
  return edges;
}

/** @returns one line for each import that closes a cycle of folders */
function cyclesIn(edges: Edges): string[] {
  const reaches = (from: string, wanted: string, seen = new Set<string>()): boolean => {
    if (from === wanted) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(edges.get(from)?.keys() ?? [])].some((next) => reaches(next, wanted, seen));
  };
  return [...edges].flatMap(([from, targets]) =>
    [...targets].flatMap(([to, imports]) => (reaches(to, from) ? imports : [])),
  );
}

function everySource(): Map<string, string> {
  const files = ['apps', 'libs'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
  );
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !file.endsWith('spec.ts') && existsSync(file));
  return new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
}

describe('the imports between folders', () => {
  it('have no cycles', () => {
    expect(cyclesIn(edgesIn(everySource()))).toEqual([]);
  });

  it('are reported when they form a cycle of three', () => {
    const sources = new Map([
      ['libs/x/src/a/one.ts', "import { two } from '../b/two.js';"],
      ['libs/x/src/b/two.ts', "import type { Three } from '../c/three.js';"],
      ['libs/x/src/c/three.ts', "export { one } from '../a/one.js';"],
      ['libs/x/src/index.ts', "export * from './a/one.js';"],
    ]);
    expect(cyclesIn(edgesIn(sources))).toHaveLength(3);
  });
});
