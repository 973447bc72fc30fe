import { starsInWords } from '#libs/kernel';
import type { Bot, Place } from './bot.js';
import { isPrivate } from './bot.js';
import type { Conversations } from './conversations.js';
import { WorldError } from './errors.js';
import type { Ground } from './ground.js';
import { notEnough, type PaymentOutcome } from './offer.js';
import type { Person } from './person.js';
import type { SharedChats } from './shared-chats.js';
import type { StoredMessage } from './stored-message.js';
import type { PaidMedia } from './telegram-types.js';
import type { Till } from './till.js';

/**
 * Photos and videos that are blurred until they are bought. There is no pre-checkout; in a channel the Stars go to
 * the channel and no bot gets an update.
 */
export class PaidMediaSales {
  constructor(
    private readonly world: Ground,
    private readonly conversations: Conversations,
    private readonly sharedChats: SharedChats,
    private readonly till: Till,
  ) {}

  /** The person buys the media of a message. `owner` is the bot of a private chat. */
  buy(person: Person, place: Place, messageId: number, owner?: Bot): PaymentOutcome {
    const stored = this.conversations.message(place, messageId);
    const { paid_media } = stored.message;
    const bot = stored.botId === undefined ? owner : this.world.bot(stored.botId);
    if (paid_media === undefined || bot === undefined) {
      throw new WorldError('not_paid_media', `Message ${messageId} has no paid media.`);
    }
    const { id } = person.user;
    if (!isPrivate(place) && !place.isIn(id)) {
      throw new WorldError('not_a_member', `${person.user.first_name} is not in ${place.title}.`, 403);
    }
    if (hasBought(stored, id)) throw new WorldError('bought_already', 'This is unlocked already.');
    const price = paid_media.star_count;
    const balance = person.wallet.balance();
    if (balance < price) return notEnough(price, balance);
    const isChannel = !isPrivate(place) && place.type === 'channel';
    const chargeId = isChannel
      ? this.till.payChannel(person, place, price, 'paid_media')
      : this.#payBot(person, bot, price, paid_media.paid_media, stored.mediaPayload ?? '');
    stored.buyers = [...(stored.buyers ?? []), id];
    if (isPrivate(place)) this.world.changes.tell({ type: 'chat', botId: bot.id, userId: id });
    else this.sharedChats.tell(place);
    return { status: 'paid', chargeId, messageId, text: `You paid ${starsInWords(price)}.` };
  }

  #payBot(person: Person, bot: Bot, price: number, media: readonly PaidMedia[], payload: string): string {
    const chargeId = this.till.charge(person, bot, price, {
      type: 'user',
      transaction_type: 'paid_media_payment',
      user: person.user,
      paid_media: media,
      ...(payload === '' ? {} : { paid_media_payload: payload }),
    });
    if (payload !== '') {
      const purchase = { from: person.user, paid_media_payload: payload };
      this.world.publish(bot, 'purchased_paid_media', person.user.id, purchase);
    }
    return chargeId;
  }
}

/** True for people who have bought the media and for the bot that sent them. */
export function hasBought({ buyers }: StoredMessage, userId: number): boolean {
  return buyers?.includes(userId) === true;
}
