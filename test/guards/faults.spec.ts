import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

type Faults = Readonly<Record<string, { readonly alerts: readonly string[] }>>;

const load = async (file: string) => (await import(resolve(file))) as Readonly<Record<string, Faults>>;
const { FAULTS = {} } = await load('test/chaos/faults.mjs');
const { ALERT_FAULTS = {} } = await load('test/chaos/alert-faults.mjs');

it('docs/proofs.md lists exactly the faults of npm run chaos', () => {
  const table = readFileSync('docs/proofs.md', 'utf8').split('| fault | what happens |')[1]?.split('\n\n')[0] ?? '';
  const rows = table.split('\n').flatMap((line) => line.split('|')[1] ?? []);
  const listed = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => String(name)));
  expect(listed.toSorted()).toEqual(Object.keys(FAULTS).toSorted());
});

it('every alert has a fault that triggers it', () => {
  const { groups } = parse(readFileSync('deploy/monitoring/alerts.yml', 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[];
  };
  const known = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  const covered = new Set(Object.values(ALERT_FAULTS).flatMap(({ alerts }) => alerts));
  expect([...covered].toSorted()).toEqual(known.toSorted());
});
