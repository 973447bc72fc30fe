import { Wallet } from './ledger.js';
import type { Gift, UniqueGift, User } from './telegram-types.js';

/** An invoice that was sent to this person: forwarded, or picked with `@bot`. */
export interface Forward {
  readonly id: string;
  readonly botId: number;
  readonly offerId: string;
  readonly from: User;
  readonly date: number;
  /** Set when the invoice has a start_parameter: the copy shows this link instead of a Pay button. */
  readonly url?: string;
}

/** A gift in a person's profile. */
export interface OwnedGift {
  readonly id: string;
  readonly gift: Gift;
  readonly sender: User;
  /** Unix time in seconds. */
  readonly date: number;
  readonly text: string;
  /** Stars that the giver has prepaid for the upgrade. */
  readonly prepaidUpgrade: number;
  /** The price in Stars of transferring it once it is unique. */
  readonly transferStarCount: number;
  /** Missing when it cannot be converted into Stars. */
  convertStarCount?: number;
  unique?: UniqueGift;
}

/** A buyer: a Telegram account with a wallet of Stars. */
export class Person {
  readonly wallet = new Wallet();
  readonly inbox: Forward[] = [];
  readonly gifts: OwnedGift[] = [];
  /** The number of Star payments that this person has made; the second half of `provider_payment_charge_id`. */
  payments = 0;
  /** True once the account was deleted; no one can write to it. */
  isDeactivated = false;

  constructor(public user: User) {}
}
