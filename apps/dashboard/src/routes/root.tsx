import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { installationQuery, meQuery } from '../api/everywhere';
import { queryClient } from '../api/client';
import { session, visit } from '../api/session';
import { NotFoundPage } from '../pages/not-found-page';
import { Toasts } from '../parts/toast';
import { Shell } from '../shell/shell';

export const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFoundPage,
});

/** Parent of the pages before signing in. */
export const entry = { getParentRoute: () => rootRoute };

export const shellRoute = createRoute({
  ...entry,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (session.state !== 'none' || (await session.resume())) return;
    if (visit !== undefined) throw redirect({ to: '/look' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
  loader: () => Promise.all([queryClient.ensureQueryData(meQuery), queryClient.ensureQueryData(installationQuery)]),
});

/** Parent of the pages after signing in. */
export const within = { getParentRoute: () => shellRoute };
