import { readFileSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { parse } from 'yaml';
import { FleetGauges, processRegistry } from '#libs/metrics';

/** A label takes values from a fixed list, because an id or a name would create a series for each workspace, bot or buyer. */
const LABELS = ['outcome', 'reason', 'status', 'type', 'kind', 'queue', 'method', 'trouble', 'round', 'what', 'state'];

interface Defined {
  readonly name: string;
  readonly labelNames: readonly string[];
}

const definedIn = (registry: Registry) => registry.getMetricsAsArray() as unknown as readonly Defined[];
const defined = [...definedIn(processRegistry), ...definedIn(new FleetGauges().registry)].filter(({ name }) =>
  name.startsWith('starwall_'),
);

it('metrics have no labels with ids or names', () => {
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

describe('an alert', () => {
  interface Rule {
    readonly alert: string;
    readonly expr: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly runbook: string };
  }
  const file = (name: string) => readFileSync(`deploy/monitoring/${name}`, 'utf8');
  const { groups } = parse(file('alerts.yml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  it('links to its section in docs/monitoring.md', () => {
    const headings = [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    for (const { alert, labels, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
      expect(['page', 'ticket']).toContain(labels.severity);
    }
  });

  it('has a case in alerts.test.yml in which it fires', () => {
    const tested = [...file('alerts.test.yml').matchAll(/exp_samples: .*alertname="(\w+)"/g)].map(([, name]) =>
      String(name),
    );
    expect(tested.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  it('uses existing metrics', () => {
    const names = new Set(defined.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`]));
    const used = rules.flatMap(({ expr }) => [...expr.matchAll(/starwall_\w+/g)].map(([name]) => name));
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });
});
