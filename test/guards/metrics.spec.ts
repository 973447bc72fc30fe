import { readFileSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { FleetGauges, processRegistry } from '#libs/metrics';

/** A label takes values from a fixed list: an id or a name would make a series for each workspace, bot or buyer. */
const LABELS = ['outcome', 'reason', 'status', 'type', 'kind', 'queue', 'method', 'trouble', 'round', 'what', 'state'];

interface Defined {
  readonly name: string;
  readonly labelNames: readonly string[];
}

const definedIn = (registry: Registry) => registry.getMetricsAsArray() as unknown as readonly Defined[];
const defined = [...definedIn(processRegistry), ...definedIn(new FleetGauges().registry)].filter(({ name }) =>
  name.startsWith('starwall_'),
);

it('metrics have no label with ids or names', () => {
  const others = defined.flatMap(({ name, labelNames }) =>
    labelNames.filter((label) => !LABELS.includes(label)).map((label) => `${name}: ${label}`),
  );
  expect(others).toEqual([]);
});

it('docs/monitoring.md lists every metric with its labels', () => {
  const rows = [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/^\| `(starwall_\w+)` \| ([^|]*)\|/gm)];
  const listed = rows.map(([, name, labels = '']) => [name, ...labels.matchAll(/`\w+`/g)].join(' '));
  const wanted = defined.map(({ name, labelNames }) => [name, ...labelNames.map((label) => `\`${label}\``)].join(' '));
  expect(listed.toSorted()).toEqual(wanted.toSorted());
});
