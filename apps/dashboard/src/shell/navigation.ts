import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../parts/icon';

export interface Place {
  readonly name: 'home' | 'orders' | 'products' | 'bots';
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  /** The second key after G. */
  readonly key: string;
  readonly group: 'main' | 'setUp';
}

/** Where the side, the tabs of a phone and the palette lead. A page that does not exist yet is not here. */
export const PLACES: readonly Place[] = [
  { name: 'home', to: '/', icon: 'home', key: 'h', group: 'main' },
  { name: 'orders', to: '/orders', icon: 'orders', key: 'o', group: 'main' },
  { name: 'products', to: '/products', icon: 'products', key: 'p', group: 'main' },
  { name: 'bots', to: '/bots', icon: 'bots', key: 'b', group: 'setUp' },
];
