import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { KEY_SCOPES } from '#libs/tenants';

const foldersOf = (place: string) =>
  readdirSync(place, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const apps = foldersOf('apps');
const libs = foldersOf('libs');

describe('a new app or library', () => {
  it('has a row in docs/architecture.md', () => {
    const page = readFileSync('docs/architecture.md', 'utf8');
    expect(apps.filter((name) => !page.includes(`| \`apps/${name}\` |`))).toEqual([]);
    expect(libs.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it('is registered in nest-cli.json, unless Vite builds it', () => {
    const nests = apps.filter((name) => !existsSync(`apps/${name}/vite.config.ts`));
    const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as { projects: Record<string, object> };
    expect(Object.keys(projects).toSorted()).toEqual([...nests, ...libs].toSorted());
  });

  it('has its imports limited in .dependency-cruiser.cjs', () => {
    const rules = readFileSync('.dependency-cruiser.cjs', 'utf8');
    expect(libs.filter((name) => !rules.includes(`only('${name}',`))).toEqual([]);
  });
});

it('doorbells are rung only by transactions, never directly', () => {
  const ringers =
    /^(libs\/journal\/src\/doorbell|libs\/process\/src\/(?:bull|postgres)\.doorbell|apps\/standalone\/src\/ingress-process)\.ts$/;
  const sources = ['apps', 'libs'].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file}`.replaceAll('\\', '/')),
  );
  const byHand = sources.filter(
    (file) => /(?<!spec)\.ts$/.test(file) && !ringers.test(file) && readFileSync(file, 'utf8').includes('.ring('),
  );
  expect(byHand).toEqual([]);
});

it('periodic work is stopped by one mechanism, so that no shutdown waits for a whole round', () => {
  const own = /^libs\/process\/src\/(rounds\.service|event-loop\.watch)\.ts$/;
  const sources = ['apps/worker', 'apps/platform', 'apps/ingress', 'libs'].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file}`.replaceAll('\\', '/')),
  );
  const repeats = sources.filter(
    (file) => /(?<!spec)\.ts$/.test(file) && !own.test(file) && readFileSync(file, 'utf8').includes('setInterval('),
  );
  // These are the heartbeats of leases, one statement each.
  expect(repeats).toEqual(['apps/worker/src/inbox/inbox.loop.ts', 'apps/worker/src/jobs/job-runner.ts']);
});

it('ports are chosen in one place, outside of the range for outgoing connections', () => {
  const own = /^(scripts\/free-port\.mjs|apps\/standalone\/src\/postgres-server\.ts)$/;
  const sources = ['apps', 'libs', 'test', 'scripts', 'bench'].flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file}`.replaceAll('\\', '/')),
  );
  // A server that is closed as soon as it listens was only opened to find a port.
  const chosen = sources.filter(
    (file) =>
      /\.(ts|mjs)$/.test(file) &&
      !own.test(file) &&
      /\.listen\(\w+, '127\.0\.0\.1', \(\) =>[^;]*;?[^;]*\.close\(\(\) => \w+\(/.test(readFileSync(file, 'utf8')),
  );
  expect(chosen).toEqual([]);
});

it('the README is short enough to be read in one go', () => {
  expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThanOrEqual(151);
});

describe('a GitHub workflow', () => {
  const workflows = readdirSync('.github/workflows').map((file) => readFileSync(`.github/workflows/${file}`, 'utf8'));

  it('pins actions by the hash of a version, with read-only permissions', () => {
    for (const text of workflows) {
      const actions = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
      expect(actions.filter((it) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(it ?? ''))).toEqual([]);
      expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    }
  });

  it("runs .ci/run on the image's version of Node", () => {
    const node = /^FROM (node:[\d.]+-\w+)/m.exec(readFileSync('Dockerfile', 'utf8'))?.[1];
    expect(workflows.some((text) => text.includes('run: .ci/run') && text.includes(`container: ${node}\n`))).toBe(true);
  });
});

describe('a page that lists parts of the code', () => {
  const rowsOf = (page: string, cell: RegExp) =>
    [...readFileSync(page, 'utf8').matchAll(cell)].map(([, name]) => String(name)).toSorted();

  it('lists every scope that an API key can have', () => {
    expect(rowsOf('docs/clients.md', /^\| `([a-z]+:[a-z]+)` \|/gm)).toEqual(KEY_SCOPES.toSorted());
  });

  it("lists every route of the simulator's control API", () => {
    const folder = 'apps/simulator/src/http';
    const source = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
    const routes = source
      .flatMap((text) => [...text.matchAll(/control\(\s*server,\s*'(\w+)',\s*['`]([^'`]+)['`]/g)])
      .map(([, method, path]) => `${method} ${path?.replace('${verb}', ':change')}`);
    expect(routes.length).toBeGreaterThan(40);
    expect(rowsOf('docs/simulator.md', /^\| `([A-Z]+ \/[^`]*)` \|/gm)).toEqual(routes.toSorted());
  });
});
