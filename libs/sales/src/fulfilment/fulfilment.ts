import { DomainError, type Moves, mayMove } from '#libs/kernel';
import { AlreadyDelivered, NothingOwed } from './manual-delivery.js';
import type { Delivery, OrderState } from '../orders/order.js';

/** The progress of the creator's server on a paid order. */
export const FULFILMENT_STATES = ['requested', 'generating', 'ready', 'failed'] as const;
export type FulfilmentState = (typeof FULFILMENT_STATES)[number];

export const FULFILMENT_MOVES: Moves<FulfilmentState> = {
  // May become ready at once, or by hand while the request is still pending.
  requested: ['generating', 'ready', 'failed'],
  generating: ['ready', 'failed'],
  // Other goods, or a file that has to be fetched, when the first ones could not be delivered.
  ready: ['ready', 'requested'],
  // The creator may repeat the request, or send the goods after all.
  failed: ['requested', 'ready'],
};

export interface FulfilmentFacts {
  readonly state: FulfilmentState;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly refusedSince: Date | null;
  readonly deadlineAt: Date;
}

/** @throws Error for a move that the table does not contain: a bug, which must roll back its transaction */
export function assertFulfilmentMove(from: FulfilmentState, to: FulfilmentState): void {
  if (!mayMove(FULFILMENT_MOVES, from, to)) throw new Error(`a fulfilment that is ${from} cannot become ${to}`);
}

/** True for goods that are not made yet: the creator's server or the deadline decides. */
export const isUnmade = (state: FulfilmentState) => state === 'requested' || state === 'generating';

interface Owed {
  readonly state: OrderState;
  readonly delivery: Delivery;
  readonly hasItsMoney: boolean;
}

/**
 * Checks whether goods may be sent. The first ones win; others replace them only if those could not be delivered.
 * @throws NothingOwed, GoodsNotExpected, AlreadyDelivered
 */
export function assertTakesGoods(order: Owed, fulfilment: FulfilmentState | undefined): void {
  if (order.state !== 'paid' || !order.hasItsMoney) throw new NothingOwed();
  if (fulfilment === undefined) throw new GoodsNotExpected();
  if (order.delivery === 'delivered') throw new AlreadyDelivered();
  if (fulfilment === 'ready' && order.delivery !== 'failed') throw new AlreadyDelivered();
}

export class GoodsNotExpected extends DomainError {
  static readonly code = 'goods_not_expected';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Goods can be sent only for products of the kinds callback and paid_command. Use the mode send_again or mark_delivered.';

  constructor() {
    super('The goods of this order are not made by your server.');
  }
}
