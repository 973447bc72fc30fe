import type { Gift, OwnedGift } from 'grammy/types';
import { DomainError } from '#libs/kernel';
import type { Quote } from './spending.js';

export class GiftUnusable extends DomainError {
  static readonly code = 'gift_unusable';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Nothing was done. Look at the gift first: GET /v1/bots/{id}/gifts, or .../gifts of the business account.';

  constructor(because: string) {
    super(`This gift cannot be used for that: ${because}.`);
  }
}

/** The price of giving it (Bot API, sendGift). @throws GiftUnusable */
export function quoteGift(gift: Gift, payForUpgrade: boolean): Quote {
  if (gift.remaining_count === 0) throw new GiftUnusable('it is sold out');
  if (!payForUpgrade) return { stars: gift.star_count };
  if (gift.upgrade_star_count === undefined) throw new GiftUnusable('it cannot be upgraded');
  return { stars: gift.star_count + gift.upgrade_star_count };
}

/** The Stars that its owner gets for converting it (Bot API, convertGiftToStars). @throws GiftUnusable */
export function quoteConversion(gift: OwnedGift): Quote {
  if (gift.type !== 'regular' || gift.convert_star_count === undefined)
    throw new GiftUnusable('it cannot be converted into Stars');
  return { stars: 0, gains: gift.convert_star_count };
}

/** The owner's price for an upgrade (Bot API, upgradeGift): zero when the giver has prepaid it. @throws GiftUnusable */
export function quoteUpgrade(gift: OwnedGift): Quote {
  if (gift.type !== 'regular' || gift.can_be_upgraded !== true) throw new GiftUnusable('it cannot be upgraded');
  if ((gift.prepaid_upgrade_star_count ?? 0) > 0) return { stars: 0 };
  if (gift.gift.upgrade_star_count === undefined) throw new GiftUnusable('it cannot be upgraded');
  return { stars: gift.gift.upgrade_star_count };
}

/** The owner's price for a transfer (Bot API, transferGift). @throws GiftUnusable */
export function quoteGiftTransfer(gift: OwnedGift, now: Date): Quote {
  if (gift.type !== 'unique' || gift.can_be_transferred !== true) throw new GiftUnusable('it cannot be transferred');
  const { next_transfer_date: from, transfer_star_count: stars = 0 } = gift;
  if (from !== undefined && from * 1_000 > now.getTime())
    throw new GiftUnusable(`it cannot be transferred before ${new Date(from * 1_000).toISOString()}`);
  return { stars };
}
