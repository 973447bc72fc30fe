import { isChargedByPeriod, isUnasked, type ProductKind } from '#libs/catalog';
import { DomainError } from '#libs/kernel';
import type { ChargeState, Match } from './payment.js';

/** True for money without a purchase that waits for its creator's decision: {@link isHeldMoney}, for a row. */
export const isHeldCharge = ({ match, state }: { readonly match: Match; readonly state: ChargeState }) =>
  (match === 'unmatched' || match === 'mismatch') && state === 'paid';

/**
 * True for products that can be delivered for a payment that was already made. Subscriptions are begun, and paid media
 * unlocked, by Telegram; a command needs the buyer's text.
 */
export const canBeGiven = (kind: ProductKind) =>
  !isChargedByPeriod(kind) && !isUnasked(kind) && kind !== 'paid_command';

export class ChargeNotHeld extends DomainError {
  static readonly code = 'charge_not_held';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Fetch the charge: it has paid an order, or its Stars are being returned. Send the goods of a paid order again with POST /v1/orders/{id}/deliver.';

  constructor() {
    super('This charge is not waiting for a decision.');
  }
}

export class NoProductNamed extends DomainError {
  static readonly code = 'no_product_named';
  static readonly refusal = 'conflict';
  readonly remedy = 'Send `product_id`: the product that the buyer paid for.';

  constructor() {
    super('Neither the payload of this charge nor an order names a product.');
  }
}

export class NotToBeGiven extends DomainError {
  static readonly code = 'product_cannot_be_given';
  static readonly refusal = 'conflict';
  readonly remedy = 'Refund the charge with POST /v1/charges/{id}/refunds, and let the buyer buy the product.';

  constructor() {
    super('A product of this kind cannot be delivered for money that was paid elsewhere.');
  }
}

export class NothingLeft extends DomainError {
  static readonly code = 'product_sold_out';
  static readonly refusal = 'conflict';
  readonly remedy = 'Add units or keys to the product, or refund the charge.';

  constructor() {
    super('The product is out of stock.');
  }
}
