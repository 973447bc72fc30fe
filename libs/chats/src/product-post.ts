import { createHash } from 'node:crypto';
import { DomainError } from '#libs/kernel';
import { type Language } from '#libs/texts';

/**
 * `button`: a card that leads to the bot. `invoice`: anyone can pay it in the chat. `paid_media`: photos and videos
 * that Telegram blurs until they are paid for, in channels only.
 */
export const POST_WAYS = ['button', 'invoice', 'paid_media'] as const;
export type PostWay = (typeof POST_WAYS)[number];

/**
 * `sending`: Telegram is being called, or the process died during or before the call. `refused`: it was not posted, and
 * can be tried again. `unknown`: Telegram's answer was lost, so it may or may not be in the chat.
 */
export const POST_STATES = ['sending', 'posted', 'refused', 'unknown'] as const;
export type PostState = (typeof POST_STATES)[number];

export interface PostWish {
  /** UUID. */
  readonly productId: string;
  /** `@name`, or the number of a group or channel as text. */
  readonly chat: string;
  readonly way: PostWay;
  readonly source: string | undefined;
  readonly language: Language;
  /** For paid media. If omitted, the product's title and description. */
  readonly caption?: string | undefined;
  /** The request's idempotency key: repeating a request with the same key posts nothing new. */
  readonly key: string;
}

/** Computes a digest of everything that identifies a request. */
export function requestOf({ productId, chat, way, source, language, caption, key }: PostWish): Buffer {
  const said = [key, productId, chat, way, source ?? null, language, ...(caption === undefined ? [] : [caption])];
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

export class BotNotInChat extends DomainError {
  static readonly code = 'bot_not_in_chat';
  static readonly refusal = 'conflict';
  readonly remedy =
    "Check the chat's name (@name, or its number, which is negative), and add the bot to it: to a channel as an administrator who may post messages.";

  constructor() {
    super('There is no such chat in Telegram, or the bot is not in it.');
  }
}

export class BotMayNotPost extends DomainError {
  static readonly code = 'bot_may_not_post';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Make the bot an administrator of the chat who may post messages, then send the same request again.';

  constructor() {
    super('The bot is in this chat but may not post there.');
  }
}

/** Telegram's error messages (observed; Bot API server 10.0), in lower case. */
const AWAY = ['chat not found', 'not a member', 'was kicked', 'group chat was deleted'];
const NO_RIGHTS = [
  'not enough rights',
  'no rights',
  'administrator rights',
  'chat_write_forbidden',
  'chat_admin_required',
];

/** The problem with a chat, as a refusal; undefined for other errors. */
export function chatProblem(code: number, description: string): BotNotInChat | BotMayNotPost | undefined {
  const says = (words: readonly string[]) => words.some((some) => description.toLowerCase().includes(some));
  if (says(NO_RIGHTS)) return new BotMayNotPost();
  return code === 403 || says(AWAY) ? new BotNotInChat() : undefined;
}
