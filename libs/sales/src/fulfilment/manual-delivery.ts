import { DomainError } from '#libs/kernel';
import type { Delivery, OrderState } from '../orders/order.js';

/** `send_again`: the bot hands the goods over once more. `mark_delivered`: somebody has handed them over by hand. */
export type ManualMode = 'send_again' | 'mark_delivered';

interface Owed {
  readonly state: OrderState;
  readonly delivery: Delivery;
  /** False while what paid for it is going back. */
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
    'Only a paid order that is not being refunded can be handed over. Fetch the order and look at its state.';

  constructor() {
    super('This order is not paid, so nothing is to be handed over.');
  }
}

export class AlreadyDelivered extends DomainError {
  static readonly code = 'already_delivered';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing is left to do. To have the bot send the goods once more, use the mode send_again.';

  constructor() {
    super('This order has been delivered already.');
  }
}
