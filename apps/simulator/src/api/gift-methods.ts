import { badRequest } from '../world/errors.js';
import type { OwnedGift, Person } from '../world/person.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';

const LARGEST_TRANSFER = 10_000;

function receiver({ world }: Caller, userId: number): Person {
  const person = world.people.get(userId);
  if (person === undefined) throw badRequest('USER_ID_INVALID');
  return person;
}

function ownGift(account: Person, id: string): OwnedGift {
  const gift = account.gifts.find((each) => each.id === id);
  if (gift === undefined) throw badRequest('STARGIFT_NOT_FOUND');
  return gift;
}

/** As the Bot API writes it. */
function ownedGift({ id, gift, unique, sender, date, text, transferStarCount, ...more }: OwnedGift): object {
  const owned = { owned_gift_id: id, sender_user: sender, send_date: date, is_saved: true };
  if (unique !== undefined) {
    return { type: 'unique', gift: unique, ...owned, can_be_transferred: true, transfer_star_count: transferStarCount };
  }
  const { convertStarCount, prepaidUpgrade } = more;
  return {
    type: 'regular',
    gift,
    ...owned,
    ...(text === '' ? {} : { text }),
    ...(gift.upgrade_star_count === undefined ? {} : { can_be_upgraded: true }),
    ...(convertStarCount === undefined ? {} : { convert_star_count: convertStarCount }),
    ...(prepaidUpgrade === 0 ? {} : { prepaid_upgrade_star_count: prepaidUpgrade }),
  };
}

interface GiftList {
  readonly exclude_unlimited: boolean;
  readonly exclude_limited_upgradable: boolean;
  readonly exclude_limited_non_upgradable: boolean;
  readonly exclude_unique: boolean;
  readonly sort_by_price: boolean;
  readonly offset: string;
  readonly limit: number;
}

/** True when the list's filters exclude this gift. */
function isExcluded({ gift, unique }: OwnedGift, list: GiftList): boolean {
  if (unique !== undefined) return list.exclude_unique;
  if (gift.total_count === undefined) return list.exclude_unlimited;
  return gift.upgrade_star_count === undefined ? list.exclude_limited_non_upgradable : list.exclude_limited_upgradable;
}

function page(gifts: readonly OwnedGift[], list: GiftList): object {
  const kept = gifts.filter((gift) => !isExcluded(gift, list));
  const all = list.sort_by_price ? kept.toSorted((a, b) => b.gift.star_count - a.gift.star_count) : kept;
  const from = Number.parseInt(list.offset, 10) || 0;
  const end = from + list.limit;
  return {
    total_count: all.length,
    gifts: all.slice(from, end).map(ownedGift),
    ...(end < all.length ? { next_offset: String(end) } : {}),
  };
}

export const giftMethods: Handlers<
  | 'getAvailableGifts'
  | 'sendGift'
  | 'giftPremiumSubscription'
  | 'getBusinessConnection'
  | 'getBusinessAccountStarBalance'
  | 'transferBusinessAccountStars'
  | 'getBusinessAccountGifts'
  | 'getUserGifts'
  | 'convertGiftToStars'
  | 'upgradeGift'
  | 'transferGift'
> = {
  getAvailableGifts({ world }) {
    return { gifts: world.gifts.available() };
  },

  /** Sends to people only; gifts to channels are not simulated. */
  sendGift(caller, { user_id, chat_id, gift_id, pay_for_upgrade, text }) {
    if (chat_id !== '') throw badRequest('the simulator sends gifts to users, not to chats');
    caller.world.gifts.botGives(caller.bot, receiver(caller, user_id), gift_id, {
      text: text.text,
      payForUpgrade: pay_for_upgrade,
    });
    return true;
  },

  giftPremiumSubscription(caller, { user_id, month_count, star_count }) {
    caller.world.gifts.giftPremium(caller.bot, receiver(caller, user_id), month_count, star_count);
    return true;
  },

  getBusinessConnection({ world, bot }, { business_connection_id }) {
    return world.business.view(world.business.find(bot, business_connection_id));
  },

  getBusinessAccountStarBalance({ world, bot }, { business_connection_id }) {
    return { amount: world.business.account(bot, business_connection_id, 'can_view_gifts_and_stars').wallet.balance() };
  },

  transferBusinessAccountStars({ world, bot }, { business_connection_id, star_count }) {
    const account = world.business.account(bot, business_connection_id, 'can_transfer_stars');
    if (star_count < 1 || star_count > LARGEST_TRANSFER) throw badRequest('STARS_AMOUNT_INVALID');
    world.business.transferStars(bot, account, star_count);
    return true;
  },

  getBusinessAccountGifts({ world, bot }, { business_connection_id, exclude_saved, ...list }) {
    const account = world.business.account(bot, business_connection_id, 'can_view_gifts_and_stars');
    return page(exclude_saved ? [] : account.gifts, list);
  },

  getUserGifts({ world }, { user_id, ...list }) {
    const person = world.people.get(user_id);
    if (person === undefined) throw badRequest('user not found');
    return page(person.gifts, list);
  },

  convertGiftToStars({ world, bot }, { business_connection_id, owned_gift_id }) {
    const account = world.business.account(bot, business_connection_id, 'can_convert_gifts_to_stars');
    world.gifts.convert(account, ownGift(account, owned_gift_id));
    return true;
  },

  upgradeGift({ world, bot }, { business_connection_id, owned_gift_id, star_count }) {
    const paying = star_count > 0 ? (['can_transfer_stars'] as const) : [];
    const account = world.business.account(bot, business_connection_id, 'can_transfer_and_upgrade_gifts', ...paying);
    world.gifts.upgrade(account, ownGift(account, owned_gift_id), star_count);
    return true;
  },

  transferGift(caller, { business_connection_id, owned_gift_id, new_owner_chat_id, star_count }) {
    const { world, bot } = caller;
    const paying = star_count > 0 ? (['can_transfer_stars'] as const) : [];
    const account = world.business.account(bot, business_connection_id, 'can_transfer_and_upgrade_gifts', ...paying);
    const gift = ownGift(account, owned_gift_id);
    world.gifts.transfer(account, gift, receiver(caller, new_owner_chat_id), star_count);
    return true;
  },
};
