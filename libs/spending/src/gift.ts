import type { Gift, OwnedGift } from 'grammy/types';
import { DomainError } from '#libs/kernel';
import type { Quote } from './spending.js';

export class GiftUnusable extends DomainError {
  static readonly code = 'gift_unusable';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Nothing was done. Look at the gift first: GET /v1/bots/{id}/gifts, or .../gifts of the business account.';

  constructor(because: string) {
    super(`That cannot be done with this gift: ${because}.`);
  }
}

/** What giving it costs (Bot API, sendGift). @throws GiftUnusable */
export function quoteGift(gift: Gift, payForUpgrade: boolean): Quote {
  if (gift.remaining_count === 0) throw new GiftUnusable('none is left');
  if (!payForUpgrade) return { stars: gift.star_count };
  if (gift.upgrade_star_count === undefined) throw new GiftUnusable('it cannot be upgraded');
  return { stars: gift.star_count + gift.upgrade_star_count };
}

/** What its owner gets for giving it up (Bot API, convertGiftToStars). @throws GiftUnusable */
export function quoteConversion(gift: OwnedGift): Quote {
  if (gift.type !== 'regular' || gift.convert_star_count === undefined)
    throw new GiftUnusable('it cannot be turned into Stars');
  return { stars: 0, gains: gift.convert_star_count };
}

/** What making it unique costs its owner (Bot API, upgradeGift): nothing when the giver has paid for it. @throws GiftUnusable */
export function quoteUpgrade(gift: OwnedGift): Quote {
  if (gift.type !== 'regular' || gift.can_be_upgraded !== true) throw new GiftUnusable('it cannot be upgraded');
  if ((gift.prepaid_upgrade_star_count ?? 0) > 0) return { stars: 0 };
  if (gift.gift.upgrade_star_count === undefined) throw new GiftUnusable('it cannot be upgraded');
  return { stars: gift.gift.upgrade_star_count };
}

/** What handing it on costs its owner (Bot API, transferGift). @throws GiftUnusable */
export function quoteGiftTransfer(gift: OwnedGift, now: Date): Quote {
  if (gift.type !== 'unique' || gift.can_be_transferred !== true) throw new GiftUnusable('it cannot be handed on');
  const { next_transfer_date: from, transfer_star_count: stars = 0 } = gift;
  if (from !== undefined && from * 1_000 > now.getTime())
    throw new GiftUnusable(`it cannot be handed on before ${new Date(from * 1_000).toISOString()}`);
  return { stars };
}
