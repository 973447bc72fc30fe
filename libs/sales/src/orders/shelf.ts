import { sellable } from '#libs/catalog';
import type { Selling } from '#libs/quotas';
import { CAN, stateOfBot, type TenantState } from '#libs/tenants';
import type { Shelf } from './checkout.js';

/** The columns of {@link SHELF_COLUMNS}. */
export interface ShelfColumns {
  readonly botState: string;
  readonly tenantState: TenantState;
  readonly selling: Selling;
  readonly productState: 'draft' | 'active' | 'archived';
  readonly productPriceVersion: number;
  readonly productStars: number;
  readonly chatReady: boolean;
  readonly stock: number | null;
  readonly limitPerBuyer: number | null;
  readonly saleStartsAt: Date | null;
  readonly saleEndsAt: Date | null;
}

/** For a bot `b`, its tenant `t` and a product `p`. @param tenant,month places of parameters */
export const shelfColumns = (tenant: string, month: string) =>
  `${stateOfBot('b')} as "botState", t.state as "tenantState", p.state as "productState",
   p.price_version as "productPriceVersion", p.stars as "productStars", p.chat_ready as "chatReady", p.stock, p.limit_per_buyer as "limitPerBuyer",
   p.sale_starts_at as "saleStartsAt", p.sale_ends_at as "saleEndsAt", selling_state(${tenant}, ${month}) as selling`;

/** @param reserved the order has already taken its unit from the stock, so an empty stock does not refuse it */
export function shelfOf(
  columns: ShelfColumns,
  bought: Pick<Shelf, 'alreadyBought' | 'subscribed' | 'agreed'>,
  reserved: boolean,
  now: Date,
): Shelf {
  const { botState, tenantState, productState, chatReady, stock, saleStartsAt, saleEndsAt } = columns;
  const left = reserved && stock !== null ? stock + 1 : stock;
  return {
    shopOpen: botState === 'active' && CAN[tenantState].sell,
    selling: columns.selling,
    unsellable: sellable({ state: productState, chatReady, stock: left, saleStartsAt, saleEndsAt }, now),
    priceVersion: columns.productPriceVersion,
    stars: columns.productStars,
    limitPerBuyer: columns.limitPerBuyer,
    ...bought,
  };
}
