import type { Message } from './telegram-types.js';

/** A message with what the world knows beyond what the bot sees. */
export interface StoredMessage {
  message: Message;
  /** True for what a bot said. */
  readonly outgoing: boolean;
  /** The bot that sent it, or by way of which it was sent, where no bot owns the chat or another one does. */
  readonly botId?: number;
  /** How the bot knows a message that was sent by way of it. */
  readonly inlineMessageId?: string;
  /** The offer behind an invoice message. */
  readonly offerId?: string;
  /** What the bot is told when its paid media are bought. */
  readonly mediaPayload?: string;
  /** Who has bought the paid media. */
  buyers?: readonly number[];
  /** The receipt of the buyer's payment of this invoice message. */
  receiptMessageId?: number;
}
