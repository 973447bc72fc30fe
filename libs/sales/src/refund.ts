import { DomainError, type Moves } from '#libs/kernel';

export type RefundState = 'requested' | 'sent' | 'refunded' | 'failed' | 'unknown';

export const REFUND_MOVES: Moves<RefundState> = {
  // Straight to refunded: Telegram may report the refund before our own call was made, when somebody else made it.
  requested: ['sent', 'refunded'],
  sent: ['requested', 'refunded', 'failed', 'unknown'],
  // The answer got lost. The call may be made again: Telegram then says that the charge is refunded already.
  unknown: ['sent', 'refunded', 'failed'],
  refunded: [],
  // The creator was told no, and then it turned out to have happened elsewhere.
  failed: ['refunded'],
};

export class AlreadyRefunded extends DomainError {
  readonly code = 'already_refunded';
  readonly refusal = 'conflict';
  readonly remedy = 'Nothing is left to do: the buyer has the Stars back. The order lists its refund.';

  constructor() {
    super('This order has been refunded already.');
  }
}

export class NothingToRefund extends DomainError {
  readonly code = 'nothing_to_refund';
  readonly refusal = 'conflict';
  readonly remedy = 'Only a paid order can be refunded. Fetch the order and look at its state.';

  constructor() {
    super('This order has not been paid, so there is nothing to give back.');
  }
}
