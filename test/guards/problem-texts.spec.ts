import { readdirSync, readFileSync } from 'node:fs';

type Catalogue = Readonly<Record<string, readonly [detail: string, remedy: string]>>;

// The dashboard is compiled by its own rules, so its types are not available to the tests.
const texts = async <Value>(file: string, name: string): Promise<Value> =>
  (await import(`../../apps/dashboard/src/texts/problems/${file}.ts`))[name];
const ENGLISH_PROBLEMS = await texts<Catalogue>('english', 'ENGLISH_PROBLEMS');
const RUSSIAN_PROBLEMS = await texts<Catalogue>('russian', 'RUSSIAN_PROBLEMS');
const QUOTED = await texts<ReadonlySet<string>>('problem-texts', 'QUOTED');

interface Refusing {
  readonly description?: string;
  readonly $ref?: string;
}

const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Record<string, Refusing> }>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Refusing>> };
};

/** Returns the codes that a route declares, as listed in its description. */
const codesIn = ({ $ref, description }: Refusing): string[] => {
  const text =
    $ref === undefined ? description : document.components.responses[$ref.split('/').at(-1) ?? '']?.description;
  return /^Codes?: /.test(text ?? '') ? [...String(text).matchAll(/`(\w+)`/g)].map(([, code]) => String(code)) : [];
};

const ROOT = 'apps/dashboard/src';
const calls = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => [
    ...readFileSync(`${ROOT}/${file}`, 'utf8').matchAll(/\.(GET|POST|PUT|PATCH|DELETE)\(\s*'([^']+)'/g),
  ]);
const met = new Set(
  calls.flatMap(([, method = '', path = '']) =>
    Object.values(document.paths[path]?.[method.toLowerCase()]?.responses ?? {}).flatMap(codesIn),
  ),
);

/** The texts of the API itself, by code, from docs/errors.md. */
const own = new Map(
  [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(\w+)` \| \d+ \| (.*) \| (.*) \|$/gm)].map(
    ([, code = '', detail = '', remedy = '']) => [code, `${detail} ${remedy}`],
  ),
);

/** Matches words for programs: a path, a method, a name in the code, a header. */
const FOR_PROGRAMS =
  /\/v1\/|`|\b(?:GET|POST|PUT|PATCH|DELETE|JSON|Idempotency-Key|Retry-After|curl)\b|\b[a-z]+_[a-z_]+\b/;

describe('the errors that pages can encounter', () => {
  it('are found', () => {
    expect(met.size).toBeGreaterThan(100);
    expect(met).toContain('already_refunded');
  });

  it('have a text in Russian', () => {
    expect([...met].filter((code) => !(code in RUSSIAN_PROBLEMS)).toSorted()).toEqual([]);
  });

  it('have an English text for people, from the dashboard or from the API', () => {
    const strange = [...met].filter((code) => !(code in ENGLISH_PROBLEMS) && FOR_PROGRAMS.test(own.get(code) ?? ''));
    expect(strange.toSorted()).toEqual([]);
  });
});

describe("the dashboard's text for an error", () => {
  const all = [ENGLISH_PROBLEMS, RUSSIAN_PROBLEMS].flatMap((catalogue) => Object.entries(catalogue));

  it('belongs to an existing code', () => {
    const known = [...all.map(([code]) => code), ...QUOTED];
    expect(known.filter((code) => !own.has(code))).toEqual([]);
  });

  it('consists of sentences written for people', () => {
    const words = all.flatMap(([, said]) => said);
    expect(words.filter((text) => !/[.!?]$/.test(text) || FOR_PROGRAMS.test(text))).toEqual([]);
  });
});
