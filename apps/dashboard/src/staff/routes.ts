import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { rootRoute } from '../routes/root';

const HOME = '/staff/operations';

/** A search parameter of the address, if it is a text of a plausible length. */
const said = <Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> =>
  typeof value === 'string' && value !== '' && value.length <= 200
    ? ({ [name]: value } as Partial<Record<Name, string>>)
    : {};

const isOwnAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^\/staff(?:\/(?![/\\])|$)/.test(value);

/** The console for staff, with a separate session. Creators' pages load none of it. */
const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/staff',
  component: lazyRouteComponent(() => import('./shell/frame'), 'Frame'),
  notFoundComponent: lazyRouteComponent(() => import('./shell/not-found'), 'StaffNotFound'),
});

const signInRoute = createRoute({
  getParentRoute: () => staffRoute,
  path: 'sign-in',
  validateSearch: ({ next }): { next?: string } => (isOwnAddress(next) ? { next } : {}),
  component: lazyRouteComponent(() => import('./entry/sign-in-page'), 'SignInPage'),
});

const consoleRoute = createRoute({
  getParentRoute: () => staffRoute,
  id: 'console',
  component: lazyRouteComponent(() => import('./shell/console'), 'Console'),
  beforeLoad: async ({ location }) => {
    const { staffSession } = await import('./api/session');
    if (staffSession.state !== 'none' || (await staffSession.resume())) return;
    throw redirect({ to: '/staff/sign-in', search: location.pathname === '/staff' ? {} : { next: location.href } });
  },
  loader: async () => {
    const [{ staffInstallationQuery, staffMeQuery }, { staffQueries }] = await Promise.all([
      import('./api/me'),
      import('./api/client'),
    ]);
    await Promise.all([
      staffQueries.ensureQueryData(staffMeQuery),
      staffQueries.ensureQueryData(staffInstallationQuery),
    ]);
  },
});

const within = { getParentRoute: () => consoleRoute };

const homeRoute = createRoute({
  ...within,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: HOME, replace: true });
  },
});

const operationsRoute = createRoute({
  ...within,
  path: 'operations',
  validateSearch: ({ kind, tenant_id: tenant }) => ({ ...said('kind', kind), ...said('tenant_id', tenant) }),
  component: lazyRouteComponent(() => import('./operations/operations-page'), 'OperationsPage'),
});

const tenantsRoute = createRoute({
  ...within,
  path: 'tenants',
  validateSearch: ({ query, state }) => ({ ...said('query', query), ...said('state', state) }),
  component: lazyRouteComponent(() => import('./tenants/tenants-page'), 'TenantsPage'),
});

const tenantRoute = createRoute({
  ...within,
  path: 'tenants/$id',
  component: lazyRouteComponent(() => import('./tenants/tenant-page'), 'TenantPage'),
});

const accountsRoute = createRoute({
  ...within,
  path: 'accounts',
  component: lazyRouteComponent(() => import('./accounts/accounts-page'), 'AccountsPage'),
});

const plansRoute = createRoute({
  ...within,
  path: 'plans',
  component: lazyRouteComponent(() => import('./plans/plans-page'), 'PlansPage'),
});

const auditRoute = createRoute({
  ...within,
  path: 'audit',
  validateSearch: ({ tenant_id: tenant, actor_id: actor, action }) => ({
    ...said('tenant_id', tenant),
    ...said('actor_id', actor),
    ...said('action', action),
  }),
  component: lazyRouteComponent(() => import('./audit/audit-page'), 'AuditPage'),
});

export const staffRoutes = staffRoute.addChildren([
  signInRoute,
  consoleRoute.addChildren([
    homeRoute,
    operationsRoute,
    tenantsRoute,
    tenantRoute,
    accountsRoute,
    plansRoute,
    auditRoute,
  ]),
]);
