import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { FleetGauges } from '#libs/metrics';

type Json = Readonly<Record<string, unknown>>;
interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string }[];
  readonly securityContext: Json;
  readonly resources: { readonly requests: Json; readonly limits: Json };
  readonly livenessProbe?: Json;
  readonly startupProbe?: Json;
}
interface Pod {
  readonly securityContext: Json;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
}
interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  /** The files of a kustomization. */
  readonly resources?: readonly string[];
  readonly spec: Json & {
    readonly selector?: Json & { readonly matchLabels?: Json };
    readonly template: { readonly spec: Pod; readonly metadata: { readonly labels: Json } };
    readonly scaleTargetRef?: { readonly name: string };
    readonly metrics?: readonly { readonly external?: { readonly metric: { readonly name: string } } }[];
  };
}

const KUBERNETES = 'deploy/kubernetes';
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
const resources = filesIn(KUBERNETES).flatMap((file) =>
  parseAllDocuments(readFileSync(`${KUBERNETES}/${file}`, 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${String(document.errors[0])}`);
    return document.toJS() as Resource;
  }),
);
const of = (kind: string) => resources.filter((it) => it.kind === kind);
const deployments = of('Deployment');
const pods = [...deployments, ...of('Job')].map((it) => it.spec.template.spec);

const documented = new Set(
  [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => String(name)),
);
/** Finds settings that .env.example does not explain, directly or as secrets from files. */
const unknown = (names: readonly string[]) =>
  names.filter((name) => !documented.has(name) && !documented.has(name.replace(/_FILE$/, '')));

/** Returns the source of a compiled program. */
const sourceOf = (argument = '') => argument.replace(/^dist\//, '').replace(/\.js$/, '.ts');

describe('the Kubernetes manifests', () => {
  it('run every process as non-root, on a read-only root file system, with limits', () => {
    expect(deployments.map(({ metadata }) => metadata.name).toSorted()).toEqual(['ingress', 'platform', 'worker']);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { image, command, securityContext, resources: given } of pod.containers) {
        expect(image).toBe('starwall');
        expect(existsSync(sourceOf(command.at(-1)))).toBe(true);
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(given).toMatchObject({ requests: { cpu: expect.anything() }, limits: { memory: expect.anything() } });
      }
    }
  });

  it('probe every process, and let it finish its work', () => {
    for (const { spec } of deployments) {
      const pod = spec.template.spec;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(40);
      for (const { livenessProbe, startupProbe, ports = [] } of pod.containers) {
        const names = ports.map(({ name }) => name);
        for (const probe of [livenessProbe, startupProbe])
          expect(names).toContain((probe as { httpGet: { port: string } } | undefined)?.httpGet.port);
        expect(names).toContain('metrics');
      }
    }
  });

  it('refer to each other by existing names', () => {
    const names = deployments.map(({ metadata }) => metadata.name);
    for (const { spec } of of('HorizontalPodAutoscaler')) expect(names).toContain(spec.scaleTargetRef?.name);
    for (const { spec, metadata } of deployments)
      expect(spec.selector?.matchLabels).toEqual({ 'app.kubernetes.io/name': metadata.name });
    for (const { spec } of of('PodDisruptionBudget'))
      expect(names).toContain(spec.selector?.matchLabels?.['app.kubernetes.io/name']);
    for (const { spec } of of('Service')) expect(names).toContain(spec.selector?.['app.kubernetes.io/name']);
    for (const folder of [KUBERNETES, `${KUBERNETES}/migrate`]) {
      const lists = resources.filter(({ kind, resources: those }) => kind === 'Kustomization' && those !== undefined);
      const there = readdirSync(folder).filter((it) => it.endsWith('.yaml') && it !== 'kustomization.yaml');
      expect(lists.map(({ resources: those = [] }) => those.toSorted())).toContainEqual(there.toSorted());
    }
  });

  it('use existing settings and metrics', () => {
    const settings = of('ConfigMap').flatMap(({ data = {} }) => Object.keys(data));
    const own = pods.flatMap((pod) => pod.containers.flatMap(({ env = [] }) => env.map(({ name }) => name)));
    expect(unknown([...settings, ...own])).toEqual([]);
    const known = new FleetGauges().registry.getMetricsAsArray().map(({ name }) => name);
    const used = of('HorizontalPodAutoscaler').flatMap(({ spec }) =>
      (spec.metrics ?? []).flatMap(({ external }) => external?.metric.name ?? []),
    );
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(used).toHaveLength(1);
  });
});

describe('a systemd unit', () => {
  const units = readdirSync('deploy/systemd').filter((file) => file.endsWith('.service'));

  it('starts an existing program with known settings, and lets it finish its work', () => {
    expect(units).toEqual(['starwall-ingress.service', 'starwall-platform.service', 'starwall-worker.service']);
    for (const unit of units) {
      const text = readFileSync(`deploy/systemd/${unit}`, 'utf8');
      expect(existsSync(sourceOf(/^ExecStart=.* (\S+)$/m.exec(text)?.[1]))).toBe(true);
      expect(unknown([...text.matchAll(/^Environment=(\w+)=/gm)].map(([, name]) => String(name)))).toEqual([]);
      expect(text).toMatch(/^TimeoutStopSec=40$/m);
      expect(text).toMatch(/^User=starwall$/m);
      expect(text).toMatch(/^ProtectSystem=strict$/m);
    }
  });
});
