// The import matrix of docs/architecture.md, one line per room.
const only = (room, may) => ({
  name: `${room}-imports`,
  severity: 'error',
  from: { path: `^libs/${room}/` },
  to: { path: '^libs/', pathNot: `^libs/(${[room, ...may].join('|')})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'through-the-door',
      comment: 'A room is entered through its index.ts only.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^libs/$1/', '/src/index\\.ts$'] },
    },
    {
      name: 'apps-through-the-door',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '/src/index\\.ts$' },
    },
    {
      name: 'rules-are-plain',
      comment: 'A file without a role suffix holds rules: no framework, no driver.',
      severity: 'error',
      from: { path: '^libs/(?!database|telegram|runtime)[^/]+/src/[a-z-]+\\.ts$', pathNot: '/index\\.ts$' },
      to: { path: 'node_modules/(@nestjs|typeorm|bull|grammy|pg)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'simulator-shares-no-domain-code',
      severity: 'error',
      from: { path: '^apps/simulator/' },
      to: { path: '^(libs/(?!kernel/)|apps/(?!simulator/))' },
    },
    {
      name: 'cli-is-a-client',
      comment: 'The command line knows what every client of the API knows.',
      severity: 'error',
      from: { path: '^apps/cli/' },
      to: { path: '^(libs/(?!client/)|apps/(?!cli/))' },
    },
    {
      name: 'apps-stand-alone',
      comment: 'Only standalone puts the others together.',
      severity: 'error',
      from: { path: '^apps/(platform|worker|simulator)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    only('kernel', []),
    only('client', []),
    only('process', ['kernel', 'runtime', 'database', 'journal', 'catalog']),
    only('runtime', ['kernel']),
    only('database', ['kernel']),
    only('telegram', ['kernel', 'runtime']),
    only('journal', ['kernel', 'database']),
    only('catalog', ['kernel', 'database', 'journal']),
    only('ledger', ['kernel', 'database', 'journal']),
    only('tenants', ['kernel', 'runtime', 'database', 'journal', 'telegram']),
    only('sales', ['kernel', 'database', 'journal', 'tenants', 'catalog', 'ledger', 'telegram']),
    only('support', ['kernel', 'database', 'journal', 'tenants', 'sales', 'telegram']),
    only('delivery', ['kernel', 'runtime', 'database', 'journal', 'tenants', 'catalog', 'telegram']),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(spec|db-spec|e2e-spec)\\.ts$' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'require', 'node', 'default'] },
  },
};
