import { readdirSync, readFileSync } from 'node:fs';

const foldersOf = (place: string) =>
  readdirSync(place, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const apps = foldersOf('apps');
const libs = foldersOf('libs');

describe('a new app or library', () => {
  it('has a line in docs/architecture.md', () => {
    const page = readFileSync('docs/architecture.md', 'utf8');
    expect(apps.filter((name) => !page.includes(`| \`apps/${name}\` |`))).toEqual([]);
    expect(libs.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it('is known to the Nest command line', () => {
    const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as { projects: Record<string, object> };
    expect(Object.keys(projects).toSorted()).toEqual([...apps, ...libs].toSorted());
  });

  it('may import only what .dependency-cruiser.cjs says', () => {
    const rules = readFileSync('.dependency-cruiser.cjs', 'utf8');
    expect(libs.filter((name) => !rules.includes(`only('${name}',`))).toEqual([]);
  });
});

it('the README stays a page that can be read in one go', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(151);
});
