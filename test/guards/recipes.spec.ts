import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DESK_COMMANDS, MENU_COMMANDS } from '#libs/texts';
import { PAGES } from '../../apps/dashboard/src/pages.js';

const sourcesIn = (...places: string[]) =>
  places
    .flatMap((place) =>
      readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => `${place}/${file}`.replaceAll('\\', '/')),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('CONTRIBUTING.md', () => {
  const page = readFileSync('CONTRIBUTING.md', 'utf8');
  const recipes = page.slice(page.indexOf('## How to add something'), page.indexOf('## Routes'));

  it('mentions only existing files', () => {
    const named = [...page.matchAll(/`((?:apps|libs|docs|test|scripts|migrations)\/[\w./-]+)`/g)].map(
      ([, path]) => path,
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => path === undefined || !existsSync(path))).toEqual([]);
  });

  it('mentions only existing lists', () => {
    const named = [...recipes.matchAll(/`([A-Z_]{4,})` \(`([\w./-]+)`\)/g)];
    expect(named.map(([, list]) => list)).toEqual([
      'KINDS',
      'MENU_COMMANDS',
      'EVENT_TYPES',
      'WARNINGS',
      'JOBS',
      'SPEECH',
      'ARGUMENTS',
    ]);
    const missing = named.filter(
      ([, list, file]) => !new RegExp(`^(?:export )?const ${list}\\b`, 'm').test(readFileSync(String(file), 'utf8')),
    );
    expect(missing).toEqual([]);
  });
});

const commandsIn = (folder: string) => {
  const answered = sourcesIn(folder).flatMap(({ text }) =>
    [...text.matchAll(/\.command\(\s*(\[[^\]]*\]|'\w+')/g)].flatMap(([, names]) =>
      [...String(names).matchAll(/'(\w+)'/g)].map(([, name]) => String(name)),
    ),
  );
  return [...new Set(answered)].toSorted();
};

it('the bot handles exactly the commands of the menu', () => {
  expect(commandsIn('apps/worker/src/bot')).toEqual([...MENU_COMMANDS, 'buy'].toSorted());
});

it('the desk handles exactly the commands of members, and /start for their link codes', () => {
  expect(commandsIn('apps/worker/src/desk')).toEqual([...DESK_COMMANDS, 'start'].toSorted());
});

it('every URL of the dashboard starts with one of its pages, and every page has a route', () => {
  const router = ['router.tsx', 'routes/desk.ts', 'staff/routes.ts']
    .map((file) => readFileSync(`apps/dashboard/src/${file}`, 'utf8'))
    .join('\n');
  const first = [...router.matchAll(/path: '\/([\w-]+)/g)].map(([, segment]) => String(segment));
  expect([...new Set(first)].toSorted()).toEqual([...PAGES].toSorted());
});

it('entities have no relations or hooks, and are never loaded or saved implicitly', () => {
  const magic =
    /manager\.(?:save|remove|softDelete|getRepository|query)\(|@(?:ManyToOne|OneToMany|OneToOne|ManyToMany|EventSubscriber|Before\w+|After\w+)\(/;
  const found = sourcesIn('apps', 'libs').filter(({ text }) => magic.test(text));
  expect(found.map(({ file }) => file)).toEqual([]);
});
