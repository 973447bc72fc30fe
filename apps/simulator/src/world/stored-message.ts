import type { Message } from './telegram-types.js';

/** A message with the facts that its bot does not see. */
export interface StoredMessage {
  message: Message;
  /** True for a bot's message. */
  readonly outgoing: boolean;
  /** The bot that sent it, or via which it was sent, if the chat belongs to no bot or to another one. */
  readonly botId?: number;
  /** The bot's id for a message that was sent via it. */
  readonly inlineMessageId?: string;
  /** The offer behind an invoice message. */
  readonly offerId?: string;
  /** The payload that the bot gets when its paid media are bought. */
  readonly mediaPayload?: string;
  /** People who have bought the paid media. */
  buyers?: readonly number[];
  /** The receipt of the buyer's payment of this invoice message. */
  receiptMessageId?: number;
}
