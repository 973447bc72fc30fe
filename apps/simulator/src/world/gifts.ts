import type { Bot } from './bot.js';
import { badRequest, WorldError } from './errors.js';
import { CATALOGUE, type CatalogueGift, uniqueOf } from './gift-catalogue.js';
import type { Ground } from './ground.js';
import type { OwnedGift, Person } from './person.js';
import type { Gift } from './telegram-types.js';
import type { Till } from './till.js';

/** Percent of the price that a receiver gets when converting a gift into Stars. Assumption: Telegram's share. */
const CONVERTED = 85;
/** Stars for Telegram Premium, by months. */
const PREMIUM: Readonly<Record<number, number>> = { 3: 1_000, 6: 1_500, 12: 2_500 };

export interface GiftOptions {
  readonly text: string;
  readonly payForUpgrade: boolean;
}

/**
 * Gifts, from purchase to the receiver's profile. Assumed wordings: `STARGIFT_INVALID`, `STARGIFT_USAGE_LIMITED` and
 * `BALANCE_TOO_LOW`, which MTProto has for its own gift payments.
 */
export class Gifts {
  /** The number of copies sold of a limited gift, by the gift's id. */
  readonly given = new Map<string, number>();

  constructor(
    private readonly world: Ground,
    private readonly till: Till,
  ) {}

  available(): readonly Gift[] {
    return CATALOGUE.map((entry) => this.#shown(entry));
  }

  /** A bot gives a gift; the receiver cannot convert it into Stars. */
  botGives(bot: Bot, to: Person, giftId: string, { text, payForUpgrade }: GiftOptions): void {
    const entry = this.#onShelf(giftId);
    const upgrade = payForUpgrade ? entry.gift.upgrade_star_count : 0;
    if (upgrade === undefined) throw badRequest('STARGIFT_UPGRADE_UNAVAILABLE');
    const price = entry.gift.star_count + upgrade;
    const gift = this.#shown(entry);
    const partner = { type: 'user', transaction_type: 'gift_purchase', user: to.user, gift } as const;
    this.till.spend(bot, price, partner);
    this.#hand(to, entry, { sender: bot.user(), text, prepaidUpgrade: upgrade });
  }

  /** A person gives a gift; the receiver may convert it into Stars. */
  personGives(from: Person, to: Person, giftId: string, text: string): void {
    const entry = this.#onShelf(giftId);
    const price = entry.gift.star_count;
    if (from.wallet.balance() < price) throw new WorldError('not_enough_stars', 'The wallet has too few Stars.');
    this.till.moveWallet(from, -price, 'gift', {});
    const convert = Math.floor((price * CONVERTED) / 100);
    this.#hand(to, entry, { sender: from.user, text, prepaidUpgrade: 0, convert });
  }

  /** @throws ApiError unless the Stars are the price of these months and the bot has them */
  giftPremium(bot: Bot, to: Person, months: number, starCount: number): void {
    if (PREMIUM[months] === undefined) throw badRequest('invalid number of months specified');
    if (PREMIUM[months] !== starCount) throw badRequest('wrong Telegram Star amount specified');
    this.till.spend(bot, starCount, {
      type: 'user',
      transaction_type: 'premium_purchase',
      user: to.user,
      premium_subscription_duration: months,
    });
    to.user = { ...to.user, is_premium: true };
    this.world.changes.tell({ type: 'users' });
  }

  /** Converts the gift into Stars for its owner. */
  convert(owner: Person, gift: OwnedGift): void {
    if (gift.convertStarCount === undefined) throw badRequest('STARGIFT_NOT_CONVERTIBLE');
    this.#take(owner, gift);
    this.till.moveWallet(owner, gift.convertStarCount, 'gift', {});
  }

  /** Makes the gift unique; the owner pays with Stars unless the giver has prepaid it. */
  upgrade(owner: Person, gift: OwnedGift, starCount: number): void {
    const { upgrade_star_count: price } = gift.gift;
    if (price === undefined || gift.unique !== undefined) throw badRequest('STARGIFT_UPGRADE_UNAVAILABLE');
    const due = gift.prepaidUpgrade > 0 ? 0 : price;
    if (starCount !== due) throw badRequest(due === 0 ? 'STARGIFT_ALREADY_UPGRADE_PAID' : 'STARS_PAYMENT_REQUIRED');
    this.#pay(owner, due);
    const number = (this.given.get(`unique:${gift.gift.id}`) ?? 0) + 1;
    this.given.set(`unique:${gift.gift.id}`, number);
    gift.unique = uniqueOf(gift.gift, number);
    delete gift.convertStarCount;
    this.#tell(owner);
  }

  transfer(owner: Person, gift: OwnedGift, to: Person, starCount: number): void {
    if (gift.unique === undefined) throw badRequest('STARGIFT_NOT_UNIQUE');
    if (starCount !== gift.transferStarCount) throw badRequest('STARS_PAYMENT_REQUIRED');
    this.#pay(owner, starCount);
    this.#take(owner, gift);
    to.gifts.push({ ...gift, sender: owner.user, date: this.world.clock.seconds() });
    this.#tell(to);
  }

  clear(): void {
    this.given.clear();
  }

  #shown({ gift, total }: CatalogueGift): Gift {
    if (total === undefined) return gift;
    return { ...gift, total_count: total, remaining_count: total - (this.given.get(gift.id) ?? 0) };
  }

  #onShelf(giftId: string): CatalogueGift {
    const entry = CATALOGUE.find(({ gift }) => gift.id === giftId);
    if (entry === undefined) throw badRequest('STARGIFT_INVALID');
    if (this.#shown(entry).remaining_count === 0) throw badRequest('STARGIFT_USAGE_LIMITED');
    return entry;
  }

  #hand(
    to: Person,
    entry: CatalogueGift,
    how: Pick<OwnedGift, 'sender' | 'text' | 'prepaidUpgrade'> & { readonly convert?: number },
  ): void {
    const { id } = entry.gift;
    this.given.set(id, (this.given.get(id) ?? 0) + 1);
    const { convert, ...given } = how;
    to.gifts.push({
      ...given,
      id: this.world.random.text(20),
      gift: this.#shown(entry),
      date: this.world.clock.seconds(),
      transferStarCount: 25,
      ...(convert === undefined ? {} : { convertStarCount: convert }),
    });
    this.#tell(to);
  }

  #pay(owner: Person, stars: number): void {
    if (stars === 0) return;
    if (owner.wallet.balance() < stars) throw badRequest('BALANCE_TOO_LOW');
    this.till.moveWallet(owner, -stars, 'gift', {});
  }

  #take(owner: Person, gift: OwnedGift): void {
    owner.gifts.splice(owner.gifts.indexOf(gift), 1);
    this.#tell(owner);
  }

  #tell(person: Person): void {
    this.world.changes.tell({ type: 'gifts', userId: person.user.id });
  }
}
