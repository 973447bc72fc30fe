import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from '@tanstack/react-router';
import { installationQuery, meQuery } from './api/everywhere';
import { queryClient } from './api/client';
import { session } from './api/session';
import { NotFoundPage } from './pages/not-found-page';
import { readOrderFilters } from './pages/orders/filters';
import { ProblemPage } from './parts/problem';
import { Skeleton } from './parts/states';
import { Toasts } from './parts/toast';
import { Shell } from './shell/shell';

/** Addresses within the dashboard, so that a link to the login leads nowhere else. */
const isOwnAddress = (value: unknown): value is string => typeof value === 'string' && /^\/(?![/\\])/.test(value);

const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
  notFoundComponent: NotFoundPage,
});

const entry = { getParentRoute: () => rootRoute };

const signInRoute = createRoute({
  ...entry,
  path: '/sign-in',
  validateSearch: ({ next }): { next?: string } => (isOwnAddress(next) ? { next } : {}),
  beforeLoad: async ({ location }) => {
    const code = new URLSearchParams(location.hash).get('link');
    if (code === null) return;
    await session.enterByLink(code);
    // Without the code in the history. A used link opens the session that this browser has, or the form.
    throw redirect({ to: '/', replace: true });
  },
  component: lazyRouteComponent(() => import('./pages/entry/sign-in-page'), 'SignInPage'),
});

const signUpRoute = createRoute({
  ...entry,
  path: '/sign-up',
  component: lazyRouteComponent(() => import('./pages/entry/sign-up-page'), 'SignUpPage'),
});

const forgotPasswordRoute = createRoute({
  ...entry,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./pages/account/forgot-password-page'), 'ForgotPasswordPage'),
});

const resetPasswordRoute = createRoute({
  ...entry,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./pages/account/reset-password-page'), 'ResetPasswordPage'),
});

const confirmAddressRoute = createRoute({
  ...entry,
  path: '/confirm-address',
  component: lazyRouteComponent(() => import('./pages/account/confirm-address-page'), 'ConfirmAddressPage'),
});

const keepAddressRoute = createRoute({
  ...entry,
  path: '/keep-address',
  component: lazyRouteComponent(() => import('./pages/account/keep-address-page'), 'KeepAddressPage'),
});

const joinRoute = createRoute({
  ...entry,
  path: '/join',
  component: lazyRouteComponent(() => import('./pages/account/join-page'), 'JoinPage'),
});

const shellRoute = createRoute({
  ...entry,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (session.state !== 'none' || (await session.resume())) return;
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
  },
  loader: () => Promise.all([queryClient.ensureQueryData(meQuery), queryClient.ensureQueryData(installationQuery)]),
});

const within = { getParentRoute: () => shellRoute };

const homeRoute = createRoute({
  ...within,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home-page'), 'HomePage'),
});

const ordersRoute = createRoute({
  ...within,
  path: '/orders',
  validateSearch: readOrderFilters,
  component: lazyRouteComponent(() => import('./pages/orders/orders-page'), 'OrdersPage'),
});

const orderRoute = createRoute({
  ...within,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('./pages/orders/order-page'), 'OrderPage'),
});

const productsRoute = createRoute({
  ...within,
  path: '/products',
  component: lazyRouteComponent(() => import('./pages/products/products-page'), 'ProductsPage'),
});

const newProductRoute = createRoute({
  ...within,
  path: '/products/new',
  component: lazyRouteComponent(() => import('./pages/products/new-product-page'), 'NewProductPage'),
});

const productRoute = createRoute({
  ...within,
  path: '/products/$id',
  component: lazyRouteComponent(() => import('./pages/products/product-page'), 'ProductPage'),
});

const buyersRoute = createRoute({
  ...within,
  path: '/buyers',
  validateSearch: ({ search }): { search?: string } =>
    typeof search === 'string' && search !== '' && search.length <= 64 ? { search } : {},
  component: lazyRouteComponent(() => import('./pages/buyers/buyers-page'), 'BuyersPage'),
});

const buyerRoute = createRoute({
  ...within,
  path: '/buyers/$id',
  component: lazyRouteComponent(() => import('./pages/buyers/buyer-page'), 'BuyerPage'),
});

const supportRoute = createRoute({
  ...within,
  path: '/support',
  component: lazyRouteComponent(() => import('./pages/support/support-page'), 'SupportPage'),
});

const threadRoute = createRoute({
  ...within,
  path: '/support/$id',
  component: lazyRouteComponent(() => import('./pages/support/support-page'), 'SupportPage'),
});

const moneyRoute = createRoute({
  ...within,
  path: '/money',
  validateSearch: ({ bot, period }): { bot?: string; period?: string } => ({
    ...(typeof bot === 'string' ? { bot } : {}),
    // A year is read as a number.
    ...(typeof period === 'string' || typeof period === 'number' ? { period: String(period) } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages/money/money-page'), 'MoneyPage'),
});

const developersRoute = createRoute({
  ...within,
  path: '/developers',
  component: lazyRouteComponent(() => import('./pages/developers/developers-page'), 'DevelopersPage'),
});

const developersTabRoute = createRoute({
  ...within,
  path: '/developers/$tab',
  component: lazyRouteComponent(() => import('./pages/developers/developers-page'), 'DevelopersPage'),
});

const workspaceRoute = createRoute({
  ...within,
  path: '/workspace',
  component: lazyRouteComponent(() => import('./pages/workspace/workspace-page'), 'WorkspacePage'),
});

const workspaceTabRoute = createRoute({
  ...within,
  path: '/workspace/$tab',
  component: lazyRouteComponent(() => import('./pages/workspace/workspace-page'), 'WorkspacePage'),
});

const botsRoute = createRoute({
  ...within,
  path: '/bots',
  component: lazyRouteComponent(() => import('./pages/bots/bots-page'), 'BotsPage'),
});

const botRoute = createRoute({
  ...within,
  path: '/bots/$id',
  component: lazyRouteComponent(() => import('./pages/bots/bots-page'), 'BotsPage'),
});

function Failed({ error }: { readonly error: unknown }) {
  const router = useRouter();
  return (
    <main id="main">
      <ProblemPage error={error} retry={() => void router.invalidate()} />
    </main>
  );
}

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    signUpRoute,
    forgotPasswordRoute,
    resetPasswordRoute,
    confirmAddressRoute,
    keepAddressRoute,
    joinRoute,
    shellRoute.addChildren([
      homeRoute,
      ordersRoute,
      orderRoute,
      productsRoute,
      newProductRoute,
      productRoute,
      buyersRoute,
      buyerRoute,
      supportRoute,
      threadRoute,
      moneyRoute,
      developersRoute,
      developersTabRoute,
      workspaceRoute,
      workspaceTabRoute,
      botsRoute,
      botRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: () => (
    <main className="p-8">
      <Skeleton />
    </main>
  ),
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
