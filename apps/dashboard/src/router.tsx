import { createRoute, createRouter, lazyRouteComponent, redirect, useRouter } from '@tanstack/react-router';
import { session, visit } from './api/session';
import { readBuyerFilters } from './pages/buyers/filters';
import { readOrderFilters } from './pages/orders/filters';
import { ProblemPage } from './parts/problem';
import { Skeleton } from './parts/states';
import { deskRoutes } from './routes/desk';
import { entry, rootRoute, shellRoute, within } from './routes/root';
import { staffRoutes } from './staff/routes';

/** True for addresses within the dashboard: a link to the login must not lead anywhere else. */
const isOwnAddress = (value: unknown): value is string => typeof value === 'string' && /^\/(?![/\\])/.test(value);

const signInRoute = createRoute({
  ...entry,
  path: '/sign-in',
  validateSearch: ({ next }): { next?: string } => (isOwnAddress(next) ? { next } : {}),
  beforeLoad: async ({ location }) => {
    const code = new URLSearchParams(location.hash).get('link');
    if (code === null) return;
    await session.enterByLink(code);
    // Removes the code from the history. After a used link, the page shows this browser's session, if any, or the
    // sign-in form.
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

const lookRoute = createRoute({
  ...entry,
  path: '/look',
  beforeLoad: async () => {
    if (visit !== undefined && (await visit.resume())) throw redirect({ to: '/', replace: true });
  },
  component: lazyRouteComponent(() => import('./pages/entry/visit-over-page'), 'VisitOverPage'),
});

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
  validateSearch: readBuyerFilters,
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
    lookRoute,
    staffRoutes,
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
      ...deskRoutes,
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
