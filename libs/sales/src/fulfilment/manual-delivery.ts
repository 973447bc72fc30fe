import { DomainError } from '#libs/kernel';
import type { Delivery, OrderState } from '../orders/order.js';

/** `send_again`: the bot delivers the goods again. `mark_delivered`: a person has delivered them by hand. */
export type ManualMode = 'send_again' | 'mark_delivered';

interface Owed {
  readonly state: OrderState;
  readonly delivery: Delivery;
  /** False while the payment is being refunded. */
  readonly hasItsMoney: boolean;
}

/** @throws NothingOwed when the order is not paid, or is being refunded; AlreadyDelivered when it would be marked twice */
export function assertOwed(order: Owed, mode: ManualMode): void {
  if (order.state !== 'paid' || !order.hasItsMoney) throw new NothingOwed();
  if (mode === 'mark_delivered' && order.delivery === 'delivered') throw new AlreadyDelivered();
}

export class NothingOwed extends DomainError {
  static readonly code = 'order_not_paid';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Only a paid order that is not being refunded can be delivered. Fetch the order and check its state.';

  constructor() {
    super('This order is not paid, so nothing has to be delivered.');
  }
}

export class AlreadyDelivered extends DomainError {
  static readonly code = 'already_delivered';
  static readonly refusal = 'conflict';
  readonly remedy = 'There is nothing left to do. To make the bot send the goods again, use the mode send_again.';

  constructor() {
    super('This order has already been delivered.');
  }
}
