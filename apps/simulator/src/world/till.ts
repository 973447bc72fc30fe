import type { Bot } from './bot.js';
import type { Conversations } from './conversations.js';
import { badRequest, WorldError } from './errors.js';
import type { Ground } from './ground.js';
import type { WalletEntry } from './ledger.js';
import type { Offer } from './offer.js';
import type { Person } from './person.js';
import type { Earning, SharedChat } from './shared-chat.js';
import type { Message, SuccessfulPayment, UserPartner } from './telegram-types.js';

// Both lengths were seen in real updates.
const CHARGE_ID_LENGTHS = [110, 131] as const;

/** Extra fields of a subscription's payment. */
export interface Recurrence {
  /** Unix time in seconds. */
  readonly expiresAt: number;
  readonly isFirst: boolean;
}

/** Moves Stars from a wallet to a bot's ledger, with a receipt for both. */
export class Till {
  constructor(
    private readonly world: Ground,
    private readonly conversations: Conversations,
  ) {}

  newChargeId(): string {
    const length = CHARGE_ID_LENGTHS[this.world.random.between(0, 1)] ?? 131;
    return `stx${this.world.random.text(length - 3)}`;
  }

  /** Charges the buyer, who has the Stars, the price of an invoice. */
  sell(
    person: Person,
    offer: Offer,
    recurrence?: Recurrence,
  ): { readonly chargeId: string; readonly receipt: Message } {
    const { bot, amount, payload, subscriptionPeriod } = offer;
    person.payments += 1;
    const chargeId = this.charge(person, bot, amount, {
      type: 'user',
      transaction_type: 'invoice_payment',
      user: person.user,
      invoice_payload: payload,
      ...(subscriptionPeriod === undefined ? {} : { subscription_period: subscriptionPeriod }),
    });
    const chat = this.world.chat(bot, person);
    delete chat.guestUntil;
    const receipt = this.conversations.service(bot, chat, person.user, {
      successful_payment: {
        currency: 'XTR',
        total_amount: amount,
        invoice_payload: payload,
        ...(recurrence === undefined ? {} : recurring(recurrence)),
        telegram_payment_charge_id: chargeId,
        provider_payment_charge_id: `${person.user.id}_${person.payments}`,
      },
    });
    return { chargeId, receipt };
  }

  /** Moves Stars from a wallet to a bot. @returns the id of the transaction */
  charge(person: Person, bot: Bot, amount: number, source: UserPartner): string {
    const id = this.newChargeId();
    this.moveWallet(person, -amount, 'payment', { botId: bot.id, chargeId: id });
    bot.ledger.add({ id, amount, date: this.world.clock.seconds(), source });
    return id;
  }

  /** Pays Stars to a channel; no bot sees them. @returns the id of the transaction */
  payChannel(person: Person, chat: SharedChat, amount: number, cause: Earning['cause']): string {
    const chargeId = this.newChargeId();
    this.moveWallet(person, -amount, 'payment', { chatId: chat.id, chargeId });
    chat.earnings.push({ date: this.world.clock.seconds(), amount, userId: person.user.id, cause });
    return chargeId;
  }

  /** Pays from the bot's own Stars. @throws ApiError when it has too few */
  spend(bot: Bot, amount: number, receiver: UserPartner): void {
    if (bot.ledger.balance() < amount) throw badRequest('BALANCE_TOO_LOW');
    bot.ledger.add({ id: this.newChargeId(), amount, date: this.world.clock.seconds(), receiver });
    this.world.changes.tell({ type: 'bots' });
  }

  moveWallet(
    person: Person,
    change: number,
    cause: WalletEntry['cause'],
    why: Omit<WalletEntry, 'at' | 'change' | 'cause'>,
  ): void {
    person.wallet.add({ at: this.world.clock.now().toISOString(), change, cause, ...why });
    this.world.changes.tell({ type: 'wallet', userId: person.user.id });
  }

  /** The owner withdraws Stars through Fragment, so that the bot can run out of them for a refund. */
  withdraw(bot: Bot, amount: number): void {
    if (bot.ledger.balance() < amount)
      throw new WorldError('balance_too_low', `@${bot.username} has fewer Stars than that.`);
    const date = this.world.clock.seconds();
    const url = 'https://fragment.com/tx/simulated';
    const receiver = { type: 'fragment', withdrawal_state: { type: 'succeeded', date, url } } as const;
    bot.ledger.add({ id: this.newChargeId(), amount, date, receiver });
    this.world.changes.tell({ type: 'bots' });
  }
}

function recurring({ expiresAt, isFirst }: Recurrence): Partial<SuccessfulPayment> {
  const payment = { subscription_expiration_date: expiresAt, is_recurring: true } as const;
  return isFirst ? { ...payment, is_first_recurring: true } : payment;
}
