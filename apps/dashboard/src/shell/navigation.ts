import type { LinkProps } from '@tanstack/react-router';
import type { Scope } from '../api/rights';
import type { IconName } from '../parts/icon';

export interface Place {
  readonly name:
    | 'home'
    | 'orders'
    | 'buyers'
    | 'products'
    | 'subscriptions'
    | 'support'
    | 'money'
    | 'bots'
    | 'chats'
    | 'promoCodes'
    | 'developers'
    | 'workspace';
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  /** The second key after G. */
  readonly key: string;
  readonly group: 'main' | 'setUp';
  /** True for a tab on phones; the others are behind the last tab. */
  readonly tab?: true;
  /** The scope without which the API shows nothing there. */
  readonly scope?: Scope;
}

/** The destinations of the sidebar, of the tabs on a phone and of the palette. */
export const PLACES: readonly Place[] = [
  { name: 'home', to: '/', icon: 'home', key: 'h', group: 'main', tab: true },
  { name: 'orders', to: '/orders', icon: 'orders', key: 'o', group: 'main', tab: true },
  { name: 'buyers', to: '/buyers', icon: 'buyers', key: 'u', group: 'main' },
  { name: 'products', to: '/products', icon: 'products', key: 'p', group: 'main', tab: true },
  { name: 'subscriptions', to: '/subscriptions', icon: 'subs', key: 'c', group: 'main' },
  { name: 'support', to: '/support', icon: 'support', key: 's', group: 'main', tab: true, scope: 'support:read' },
  { name: 'money', to: '/money', icon: 'money', key: 'm', group: 'main' },
  { name: 'bots', to: '/bots', icon: 'bots', key: 'b', group: 'setUp' },
  { name: 'chats', to: '/chats', icon: 'lock', key: 't', group: 'setUp' },
  { name: 'promoCodes', to: '/promo-codes', icon: 'promo', key: 'x', group: 'setUp' },
  { name: 'developers', to: '/developers', icon: 'code', key: 'd', group: 'setUp' },
  { name: 'workspace', to: '/workspace', icon: 'team', key: 'w', group: 'setUp' },
];
