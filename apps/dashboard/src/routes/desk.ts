import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { STATES, type SubscriptionState } from '../pages/subscriptions/looks';
import { within } from './root';

const subscriptionsRoute = createRoute({
  ...within,
  path: '/subscriptions',
  validateSearch: ({ state }): { state?: SubscriptionState } => {
    const known = STATES.find((one) => one === state);
    return known === undefined ? {} : { state: known };
  },
  component: lazyRouteComponent(() => import('../pages/subscriptions/subscriptions-page'), 'SubscriptionsPage'),
});

const subscriptionRoute = createRoute({
  ...within,
  path: '/subscriptions/$id',
  component: lazyRouteComponent(() => import('../pages/subscriptions/subscription-page'), 'SubscriptionPage'),
});

const chatsRoute = createRoute({
  ...within,
  path: '/chats',
  component: lazyRouteComponent(() => import('../pages/chats/chats-page'), 'ChatsPage'),
});

const chatRoute = createRoute({
  ...within,
  path: '/chats/$id',
  component: lazyRouteComponent(() => import('../pages/chats/chat-page'), 'ChatPage'),
});

const promoCodesRoute = createRoute({
  ...within,
  path: '/promo-codes',
  component: lazyRouteComponent(() => import('../pages/promo-codes/promo-codes-page'), 'PromoCodesPage'),
});

const promoCodeRoute = createRoute({
  ...within,
  path: '/promo-codes/$id',
  component: lazyRouteComponent(() => import('../pages/promo-codes/promo-code-page'), 'PromoCodePage'),
});

const moneyRoute = createRoute({
  ...within,
  path: '/money',
  validateSearch: ({ bot, period }): { bot?: string; period?: string } => ({
    ...(typeof bot === 'string' ? { bot } : {}),
    // A year is read as a number.
    ...(typeof period === 'string' || typeof period === 'number' ? { period: String(period) } : {}),
  }),
  component: lazyRouteComponent(() => import('../pages/money/money-page'), 'MoneyPage'),
});

const developersRoute = createRoute({
  ...within,
  path: '/developers',
  component: lazyRouteComponent(() => import('../pages/developers/developers-page'), 'DevelopersPage'),
});

const developersTabRoute = createRoute({
  ...within,
  path: '/developers/$tab',
  component: lazyRouteComponent(() => import('../pages/developers/developers-page'), 'DevelopersPage'),
});

const workspaceRoute = createRoute({
  ...within,
  path: '/workspace',
  component: lazyRouteComponent(() => import('../pages/workspace/workspace-page'), 'WorkspacePage'),
});

const workspaceTabRoute = createRoute({
  ...within,
  path: '/workspace/$tab',
  component: lazyRouteComponent(() => import('../pages/workspace/workspace-page'), 'WorkspacePage'),
});

const accountRoute = createRoute({
  ...within,
  path: '/bots/$id/accounts/$account',
  component: lazyRouteComponent(() => import('../pages/spending/account-page'), 'AccountPage'),
});

const wordsRoute = createRoute({
  ...within,
  path: '/bots/$id/words',
  component: lazyRouteComponent(() => import('../pages/bots/words-page'), 'WordsPage'),
});

const importsRoute = createRoute({
  ...within,
  path: '/bots/imports',
  component: lazyRouteComponent(() => import('../pages/bots/imports-page'), 'ImportsPage'),
});

const importRoute = createRoute({
  ...within,
  path: '/bots/imports/$import',
  component: lazyRouteComponent(() => import('../pages/bots/import-page'), 'ImportPage'),
});

const sortRoute = createRoute({
  ...within,
  path: '/products/sort',
  component: lazyRouteComponent(() => import('../pages/products/sort-page'), 'SortPage'),
});

export const deskRoutes = [
  subscriptionsRoute,
  subscriptionRoute,
  chatsRoute,
  chatRoute,
  promoCodesRoute,
  promoCodeRoute,
  moneyRoute,
  developersRoute,
  developersTabRoute,
  workspaceRoute,
  workspaceTabRoute,
  accountRoute,
  wordsRoute,
  importsRoute,
  importRoute,
  sortRoute,
] as const;
