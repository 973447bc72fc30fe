import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ts from 'typescript';
import { ALL_ROOMS } from '#libs/rooms';

/** A statement in the source code that uses another library's table. */
export interface Touch {
  readonly file: string;
  readonly table: string;
  /** The library that owns the table. */
  readonly owner: string;
  readonly way: 'reads' | 'writes';
  /** True if `.dependency-cruiser.cjs` lets the file's library import the owner. */
  readonly mayImport: boolean;
}

const owners = new Map(
  ALL_ROOMS.flatMap(({ library, ofTenants, ofPlatform }) =>
    [...Object.keys(ofTenants), ...Object.keys(ofPlatform)].map((table) => [table, library] as const),
  ),
);

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: string };
}

/** Returns, for each library, those that it can import. */
function importMatrix(): ReadonlyMap<string, readonly string[]> {
  const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    forbidden: readonly Rule[];
  };
  return new Map(
    forbidden.flatMap(({ name, to }) => {
      const may = /^\^libs\/\((.*)\)\/$/.exec(to.pathNot ?? '')?.[1];
      return name.endsWith('-imports') && may !== undefined
        ? [[name.slice(0, -'-imports'.length), may.split('|')]]
        : [];
    }),
  );
}

const matrix = importMatrix();

export const sources = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => `${root}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !/spec\.ts$|\/node_modules\/|^libs\/client\//.test(path));

const TOUCHED = /\b(from|join|into|update|using)\s+(?:only\s+)?([a-z_]+)\b/g;

/** Finds the tables in a piece of SQL, and whether it reads or writes them. `for update` locks but does not write. */
export function tablesOf(sql: string): { readonly table: string; readonly way: Touch['way'] }[] {
  return [...sql.matchAll(TOUCHED)].flatMap(({ 1: word, 2: table = '', index }) => {
    if (!owners.has(table)) return [];
    const before = sql.slice(0, index);
    const writes =
      word === 'into' ||
      (word === 'update' && !/\bfor(?: no key)?\s*$/.test(before)) ||
      (word === 'from' && /\bdelete\s+$/.test(before));
    return [{ table, way: writes ? 'writes' : 'reads' } as const];
  });
}

const WRITING = new Set([
  'insert',
  'update',
  'delete',
  'save',
  'upsert',
  'remove',
  'softDelete',
  'increment',
  'decrement',
]);

/** The tables of the entities, by class name. */
const entities = new Map(
  sources('libs')
    .filter((path) => path.endsWith('.entity.ts'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/@Entity\('([a-z_]+)'\)\s*export class (\w+)/g)])
    .map(([, table = '', entity = '']) => [entity, table] as const),
);

const textOf = (node: ts.Node): string | undefined => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ? ');
  return undefined;
};

/** Finds the table of `manager.update(OrderRow, ...)` and similar calls. */
function byEntity(node: ts.Node): { readonly table: string; readonly way: Touch['way'] } | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const [first] = node.arguments;
  const table = first !== undefined && ts.isIdentifier(first) ? entities.get(first.text) : undefined;
  if (table === undefined) return undefined;
  return {
    table,
    way: WRITING.has(node.expression.name.text) || node.expression.name.text === 'into' ? 'writes' : 'reads',
  };
}

/** Reads the sources of libraries and apps. @returns the uses of other libraries' tables, in the order of the files */
export function foreignTouches(): Touch[] {
  return [...sources('libs'), ...sources('apps')]
    .filter((file) => !file.startsWith('apps/simulator/'))
    .toSorted()
    .flatMap((file) => {
      const [, room = ''] = file.split('/');
      const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
      const found: Touch[] = [];
      const note = (table: string, way: Touch['way']) => {
        const owner = owners.get(table) ?? '';
        const mayImport = file.startsWith('apps/') || (matrix.get(room)?.includes(owner) ?? false);
        if (owner !== room || file.startsWith('apps/')) found.push({ file, table, owner, way, mayImport });
      };
      const visit = (node: ts.Node): void => {
        for (const { table, way } of tablesOf(textOf(node) ?? '')) note(table, way);
        const entity = byEntity(node);
        if (entity !== undefined) note(entity.table, entity.way);
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}
