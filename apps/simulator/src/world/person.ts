import { Wallet } from './ledger.js';
import type { Gift, UniqueGift, User } from './telegram-types.js';

/** An invoice that somebody sent to this person: a forwarded one, or one picked with `@bot`. */
export interface Forward {
  readonly id: string;
  readonly botId: number;
  readonly offerId: string;
  readonly from: User;
  readonly date: number;
  /** Set when the invoice has a start_parameter: the copy shows this link instead of a Pay button. */
  readonly url?: string;
}

/** A gift in somebody's profile. */
export interface OwnedGift {
  readonly id: string;
  readonly gift: Gift;
  readonly sender: User;
  /** Unix time in seconds. */
  readonly date: number;
  readonly text: string;
  /** Stars that the giver has paid for the upgrade. */
  readonly prepaidUpgrade: number;
  /** What handing it on costs once it is unique. */
  readonly transferStarCount: number;
  /** Missing when it cannot be turned into Stars. */
  convertStarCount?: number;
  unique?: UniqueGift;
}

/** A buyer: an account on Telegram with a wallet of Stars. */
export class Person {
  readonly wallet = new Wallet();
  readonly inbox: Forward[] = [];
  readonly gifts: OwnedGift[] = [];
  /** How many Star payments this person has made; the second half of `provider_payment_charge_id`. */
  payments = 0;
  /** The account was deleted: nobody can write to it any more. */
  isDeactivated = false;

  constructor(public user: User) {}
}
