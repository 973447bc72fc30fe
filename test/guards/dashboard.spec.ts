import { readdirSync, readFileSync } from 'node:fs';
import { SUBJECTS } from '../../apps/dashboard/src/live/changes.js';

const ROOT = 'apps/dashboard/src';
const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!spec)\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(`${ROOT}/${file}`, 'utf8') }));

describe('data shown to creators', () => {
  /** Queries whose data no event changes. */
  const LASTING: readonly string[] = [
    'files',
    'installation',
    'invitation',
    'me',
    'qr',
    'search',
    'status',
    'telegram-links',
    'texts',
    'views',
  ];
  /** Files that poll, because no event reports a change of their data. */
  const ASKING: readonly string[] = [
    'api/everywhere.ts',
    'pages/bots/import-queries.ts',
    'pages/developers/queries.ts',
    'pages/money/queries.ts',
    'pages/orders/queries.ts',
    'pages/subscriptions/queries.ts',
    'pages/workspace/telegram-queries.ts',
  ];
  const creators = sources.filter(({ file }) => !file.startsWith('staff/'));

  it('is refetched on events, or never changes', () => {
    const keys = creators.flatMap(({ text }) =>
      [...text.matchAll(/(?:queryKey:|const KEY =) \[\s*'([\w-]+)'/g)].map(([, first]) => String(first)),
    );
    expect([...new Set(keys)].toSorted()).toEqual([...SUBJECTS, ...LASTING].toSorted());
  });

  it('is polled only if no event reports its changes', () => {
    const asking = creators.filter(({ text }) => text.includes('refetchInterval:'));
    expect(asking.map(({ file }) => file).toSorted()).toEqual(ASKING);
  });
});

describe('every route of the API', () => {
  /** Routes that no page calls, by reason. */
  const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
    'asked by machines that watch the platform': ['GET /health/live', 'GET /health/ready'],
    'for programs with bearer tokens; pages use /browser': [
      'POST /v1/auth/sign-up',
      'POST /v1/auth/login',
      'POST /v1/auth/refresh',
      'POST /v1/auth/logout',
      'POST /v1/invitations/accept',
      'POST /v1/staff/auth/login',
      'POST /v1/staff/auth/confirm',
      'POST /v1/staff/auth/recover',
      'POST /v1/staff/auth/refresh',
      'POST /v1/staff/auth/logout',
    ],
    'metadata is for the programs that wrote it': [
      'PATCH /v1/api-keys/{id}',
      'PATCH /v1/buyers/{telegram_id}',
      'PATCH /v1/charges/{id}',
      'PATCH /v1/files/{id}',
      'PATCH /v1/orders/{id}',
      'PATCH /v1/refunds/{id}',
      'PATCH /v1/subscriptions/{id}',
    ],
    'spending credits is what a program does for its own service': [
      'POST /v1/buyers/{telegram_id}/credits/{unit}/debits',
      'POST /v1/buyers/{telegram_id}/credits/{unit}/reservations',
      'GET /v1/credit-reservations/{id}',
      'POST /v1/credit-reservations/{id}/commit',
      'POST /v1/credit-reservations/{id}/release',
    ],
    'the list, or the object around it, shows the same': [
      'GET /v1/bots/{bot}/reconciliations/{id}',
      'GET /v1/bots/{id}',
      'GET /v1/buyers/{telegram_id}/credits',
      'GET /v1/charges/{id}',
      'GET /v1/endpoints/{id}',
      'GET /v1/endpoints/{id}/deliveries/{delivery_id}',
      'GET /v1/refunds',
      'GET /v1/refunds/{id}',
      'GET /v1/spendings/{id}',
    ],
    'followed by the client, not by its path': ['GET /v1/events/stream'],
  };

  it('is called by a page, or omitted for a reason', () => {
    const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => /^(?:get|post|put|patch|delete)$/.test(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    const calls = sources.flatMap(({ text }) =>
      [...text.matchAll(/\.(GET|POST|PUT|PATCH|DELETE)\(\s*'([^']+)'/g)].map(([, method, path]) => `${method} ${path}`),
    );
    const uncalled = routes.filter((route) => !calls.includes(route));
    expect(uncalled.toSorted()).toEqual(Object.values(LEFT_OUT).flat().toSorted());
  });
});

it('every action of a member has a name in the audit log', () => {
  const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { operationId: string; security?: readonly object[] }>>;
  };
  const writes = Object.values(paths).flatMap((methods) =>
    Object.entries(methods).filter(([method, { security = [] }]) => method !== 'get' && security.length > 0),
  );
  // Public, but recorded, because they start a workspace or a membership.
  const entries = ['auth_sign_up', 'browser_sessions_sign_up', 'invitations_accept', 'browser_invitations_accept'];
  const members = writes.map(([, { operationId }]) => operationId).filter((name) => !name.startsWith('staff_'));
  const actions = [...members, ...entries];
  const texts = readFileSync(`${ROOT}/texts/audit-actions.ts`, 'utf8');
  const named = [...texts.matchAll(/^ {4}([a-z_]+): /gm)].map(([, name]) => String(name));
  // Each action is named in English and in Russian.
  expect(named.toSorted()).toEqual([...actions, ...actions].toSorted());
});
