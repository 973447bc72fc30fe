import type { Schema } from '#libs/client';

type Order = Schema<'Order'>;

export const PAYMENT_STATES = ['placed', 'approved', 'paid', 'refunded', 'expired', 'cancelled'] as const;
export const DELIVERY_STATES = ['waiting', 'generating', 'delivered', 'failed', 'unreachable', 'revoked'] as const;

/** The filters in an address: a link to it shows the same orders. */
export interface OrderFilters {
  readonly payment_state?: Order['payment_state'];
  readonly delivery_state?: Order['delivery_state'];
  readonly bot_id?: string;
  readonly product_id?: string;
  readonly buyer_telegram_id?: number;
  /** Days in the viewer's zone, in the format of the browser's field. */
  readonly from?: string;
  readonly until?: string;
}

const oneOf = <Value extends string>(values: readonly Value[], text: unknown) => values.find((one) => one === text);
const idOf = (prefix: string, text: unknown) =>
  typeof text === 'string' && text.length <= 64 && text.startsWith(prefix) ? text : undefined;

const dayOf = (text: unknown) => (typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined);

/** The filters as the API accepts them: a day starts at its first moment in the viewer's zone. */
export function askedBy({ from, until, ...rest }: OrderFilters) {
  const startOf = (day: string) => new Date(`${day}T00:00`).toISOString();
  return {
    ...rest,
    ...(from === undefined ? {} : { created_after: startOf(from) }),
    ...(until === undefined ? {} : { created_before: startOf(until) }),
  };
}

/** Reads the filters of an address. Invalid ones are ignored, so that no link breaks the page. */
export function readOrderFilters(search: Readonly<Record<string, unknown>>): OrderFilters {
  const buyer = search['buyer_telegram_id'];
  const found = {
    payment_state: oneOf(PAYMENT_STATES, search['payment_state']),
    delivery_state: oneOf(DELIVERY_STATES, search['delivery_state']),
    bot_id: idOf('bot_', search['bot_id']),
    product_id: idOf('prod_', search['product_id']),
    from: dayOf(search['from']),
    until: dayOf(search['until']),
    buyer_telegram_id: Number.isSafeInteger(buyer) && Number(buyer) > 0 ? Number(buyer) : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Ready-made views, by the filters that make them. */
export const VIEWS = [
  { name: 'all', filters: {} },
  { name: 'notDelivered', filters: { payment_state: 'paid', delivery_state: 'failed' } },
  { name: 'refunded', filters: { payment_state: 'refunded' } },
] as const satisfies readonly { readonly name: string; readonly filters: OrderFilters }[];
