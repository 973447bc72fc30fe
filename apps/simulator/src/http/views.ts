import type { Bot, BotSettings, Environment, PrivateChat } from '../world/bot.js';
import type { StoredMessage } from '../world/stored-message.js';
import type { WalletEntry } from '../world/ledger.js';
import type { Offer } from '../world/offer.js';
import type { Forward, Person } from '../world/person.js';
import { hasBought } from '../world/paid-media.js';
import type { BotCommand, MenuButton, Message, PaidMediaInfo, User } from '../world/telegram-types.js';
import type { World } from '../world/world.js';

export interface BotView {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly environment: Environment;
  readonly balance: number;
  readonly settings: BotSettings;
}

export interface UserView extends User {
  readonly balance: number;
}

export interface InvoiceView {
  readonly botId: number;
  readonly botUsername: string;
  readonly botName: string;
  readonly title: string;
  readonly description: string;
  readonly amount: number;
  /** Seconds; set for a subscription. */
  readonly subscriptionPeriod?: number;
}

export interface ForwardView {
  readonly id: string;
  readonly from: User;
  readonly date: number;
  readonly invoice: InvoiceView;
  /** Set when the copy shows a link instead of a Pay button. */
  readonly url?: string;
}

export interface UserDetails extends UserView {
  readonly wallet: readonly WalletEntry[];
  readonly inbox: readonly ForwardView[];
}

export interface MessageView extends Message {
  /** True for the bot's own messages. */
  readonly outgoing: boolean;
  /** The bot that sent it, if it is not the bot of the chat. */
  readonly botId?: number;
  /** On an invoice message: the receipt of this buyer's payment. */
  readonly receiptMessageId?: number;
}

export interface ChatView {
  readonly bot: BotView & {
    readonly description: string;
    readonly shortDescription: string;
    readonly commands: readonly BotCommand[];
    readonly menuButton: MenuButton;
  };
  readonly user: UserView;
  readonly started: boolean;
  readonly blocked: boolean;
  readonly messages: readonly MessageView[];
}

/** One line of a buyer's list of bots. */
export interface ChatSummary {
  readonly bot: BotView;
  readonly started: boolean;
  readonly blocked: boolean;
  readonly shortDescription: string;
  readonly lastMessage?: MessageView;
}

export const botView = ({ id, username, name, environment, ledger, settings }: Bot): BotView => ({
  id,
  username,
  name,
  environment,
  balance: ledger.balance(),
  settings,
});

export const userView = (person: Person): UserView => ({ ...person.user, balance: person.wallet.balance() });

export const invoiceView = ({ bot, title, description, amount, subscriptionPeriod }: Offer): InvoiceView => ({
  botId: bot.id,
  botUsername: bot.username,
  botName: bot.name,
  title,
  description,
  amount,
  ...(subscriptionPeriod === undefined ? {} : { subscriptionPeriod }),
});

export const forwardView = (world: World, { id, from, date, url, offerId }: Forward): ForwardView => ({
  id,
  from,
  date,
  invoice: invoiceView(world.checkout.offer(offerId)),
  ...(url === undefined ? {} : { url }),
});

export const userDetails = (world: World, person: Person): UserDetails => ({
  ...userView(person),
  wallet: person.wallet.entries(),
  inbox: person.inbox.map((forward) => forwardView(world, forward)),
});

/** The message as this person sees it: paid media are previews until they are bought. */
export function messageView(stored: StoredMessage, viewerId: number | undefined): MessageView {
  const { message, outgoing, botId, receiptMessageId } = stored;
  const { paid_media } = message;
  const isClear = viewerId !== undefined && hasBought(stored, viewerId);
  return {
    ...message,
    ...(paid_media === undefined || isClear ? {} : { paid_media: previewOf(paid_media) }),
    outgoing,
    ...(botId === undefined ? {} : { botId }),
    ...(receiptMessageId === undefined ? {} : { receiptMessageId }),
  };
}

function previewOf({ star_count, paid_media }: PaidMediaInfo): PaidMediaInfo {
  const previews = paid_media.map((item) => {
    if (item.type === 'photo') return { type: 'preview', ...sizeOf(item.photo.at(-1)) } as const;
    return item.type === 'video'
      ? ({ type: 'preview', ...sizeOf(item.video), duration: item.video.duration } as const)
      : item;
  });
  return { star_count, paid_media: previews };
}

const sizeOf = (of: { readonly width: number; readonly height: number } | undefined) =>
  of === undefined ? {} : { width: of.width, height: of.height };

const messagesOf = (chat: PrivateChat | undefined): readonly StoredMessage[] => [...(chat?.messages.values() ?? [])];

export function chatView(bot: Bot, person: Person): ChatView {
  const chat = bot.chats.get(person.user.id);
  const language = person.user.language_code;
  return {
    bot: {
      ...botView(bot),
      description: bot.textFor('description', language),
      shortDescription: bot.textFor('shortDescription', language),
      commands: bot.commandsFor(person.user),
      menuButton: bot.menuButtons.get(person.user.id) ?? bot.menuButtons.get(0) ?? { type: 'commands' },
    },
    user: userView(person),
    started: chat !== undefined && chat.guestUntil === undefined,
    blocked: chat?.blocked ?? false,
    messages: messagesOf(chat).map((stored) => messageView(stored, person.user.id)),
  };
}

export function chatSummary(bot: Bot, person: Person): ChatSummary {
  const chat = bot.chats.get(person.user.id);
  const last = messagesOf(chat).at(-1);
  return {
    bot: botView(bot),
    started: chat !== undefined && chat.guestUntil === undefined,
    blocked: chat?.blocked ?? false,
    shortDescription: bot.textFor('shortDescription', person.user.language_code),
    ...(last === undefined ? {} : { lastMessage: messageView(last, person.user.id) }),
  };
}
