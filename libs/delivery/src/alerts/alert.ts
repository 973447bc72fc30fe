import type { EventType } from '#libs/journal';
import { clip, DomainError, starsInWords } from '#libs/kernel';
import { refundFailedText, type WarningDetails, warningText } from './warning.js';

export class AlertChatUnknown extends DomainError {
  static readonly code = 'alert_chat_unknown';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Open the bot in Telegram with your own account, press Start, and use the Telegram id of that account.';

  constructor() {
    super('No person with this id has started that bot, so it cannot write to them.');
  }
}

const SHOWN = 100;
/** Characters shown of a buyer's message; longer ones are read through the API. */
const SHOWN_WORDS = 3_000;

/** Alerts to one chat per minute. Telegram accepts about one message a second there, and buyers come first. */
export const ALERTS_A_MINUTE = 20;

/** Optional alerts, in addition to the warnings that are always sent. */
export type AlertSwitch = 'sales' | 'failures' | 'support';
export type AlertSwitches = Readonly<Record<AlertSwitch, boolean>>;

export interface AlertChatFacts extends AlertSwitches {
  readonly botId: string;
  readonly telegramId: number;
  /** True when the bot may write there. */
  readonly reachable: boolean;
  /** Events whose alerts were missed. */
  readonly missed: readonly string[];
  readonly createdAt: Date;
}

/** Alerts kept for a person who cannot be reached; older ones are in `GET /v1/events`. */
export const MISSED_AT_MOST = 20;

type Json = Readonly<Record<string, unknown>>;

/** The switch for alerts about an event; undefined for an event without one. */
export function switchOf({ type, data }: { readonly type: EventType; readonly data: Json }): AlertSwitch | undefined {
  if (type === 'order.paid') return Number(data['stars']) > 0 ? 'sales' : undefined;
  if (type === 'order.delivery_failed' || type === 'refund.failed') return 'failures';
  if (type === 'order.updated') return isNotShown(data) ? 'failures' : undefined;
  return type === 'support.message_received' ? 'support' : undefined;
}

const isNotShown = ({ status, delivery_error: error }: Json) => status === 'placed' && typeof error === 'string';

/** Facts for an alert that the event itself does not contain. */
export interface AlertDetails extends WarningDetails {
  /** The text of a support message. */
  readonly text: string | null;
  readonly fileKind: string | null;
}

/** The text of an alert. */
export function alertText(type: EventType, data: Json, details?: AlertDetails): string {
  if (type === 'quota.warning') return quotaText(data);
  if (type === 'chat.updated') return chatText(data);
  if (type === 'bot.removal_stuck') return removalText(data);
  const warning = warningText(type, data, details);
  if (warning !== undefined) return warning;
  if (details === undefined) throw new Error(`there is no text for ${type}`);
  if (type === 'refund.failed') return refundFailedText(data, details);
  if (type === 'order.paid') return saleText(data, details);
  return type === 'support.message_received' ? supportText(data, details) : failureText(data, details);
}

const named = (title: string | null) => `“${clip(title ?? 'something', SHOWN)}”`;

const saleText = ({ id, stars }: Json, { bot, title, buyer }: AlertDetails) =>
  [
    `💰 ${named(title)} was bought for ${starsInWords(Number(stars))}.`,
    `Bot: @${bot}`,
    ...whoLines(buyer),
    String(id),
  ].join('\n');

function failureText(order: Json, { bot, title, buyer }: AlertDetails): string {
  const paid = order['status'] !== 'placed';
  const reason = order['delivery_error'];
  return [
    paid
      ? `⚠️ ${named(title)} was paid for but could not be delivered. The buyer needs help.`
      : `⚠️ ${named(title)} cannot be bought.`,
    `Reason: ${typeof reason === 'string' ? clip(reason, SHOWN * 3) : 'unknown'}`,
    `Bot: @${bot}`,
    ...whoLines(buyer),
    String(order['id']),
  ].join('\n');
}

function supportText(message: Json, { bot, title, buyer, text, fileKind }: AlertDetails): string {
  const file =
    fileKind === null
      ? []
      : [
          `(They sent a ${fileKind.replace('_', ' ')}. GET /v1/support-threads/${String(message['thread_id'])}/messages/${String(message['id'])}/file downloads it.)`,
        ];
  return [
    '✉️ A buyer is waiting for your reply.',
    [`Bot: @${bot}`, ...whoLines(buyer), ...(title === null ? [] : [`About: ${named(title)}`])].join('\n'),
    ...(text === null || text === '' ? [] : [clip(text, SHOWN_WORDS)]),
    ...file,
    // The last line is always ours, whatever the buyer wrote: it identifies the thread for a reply.
    answerLine(message),
  ].join('\n\n');
}

/** Also placed below a copy of the buyer's message, so that a reply to the copy also reaches the buyer. */
export const answerLine = (message: Json) => `Reply to this message to answer.\n${String(message['thread_id'])}`;

const whoLines = (buyer: string | null) => (buyer === null ? [] : [`Buyer: ${clip(buyer, SHOWN)}`]);

/** The thread of an alert. @param alert the text of the bot's own message. @returns its public id */
export const threadIn = (alert: string): string | undefined => /\n(sth_[0-9a-z]{26})$/.exec(alert)?.[1];

/** The alert about a plan that is nearly or completely used up. */
function quotaText(limit: Readonly<Record<string, unknown>>): string {
  const name = clip(String(limit['name']).replaceAll('_', ' '), SHOWN);
  const used = `${Number(limit['used'])} of ${Number(limit['allowed'])}`;
  const what =
    limit['state'] === 'exhausted'
      ? 'The limit is reached, so nothing new is accepted. Paid orders and payments in progress are delivered as usual.'
      : 'Once it is used up, nothing new is accepted.';
  return [
    `⚠️ Your Starwall plan: ${name}, ${used} used.`,
    what,
    'GET /v1/usage shows every limit. Support can give you a larger plan.',
  ].join('\n\n');
}

/** The alert about a bot that cannot be removed yet. */
function removalText({ bot_id: id, failures }: Json): string {
  const count = Array.isArray(failures) ? failures.length : 0;
  return [
    `⚠️ Your bot is not removed yet: ${count === 1 ? 'one thing' : `${count} things`} could not be ended, and buyers may continue to be charged.`,
    `GET /v1/bots/${String(id)}/obligations lists them, each with its reason and a remedy.`,
  ].join('\n\n');
}

/** The alert about a chat in which the bot lacks rights, or which is open to everyone. */
function chatText(chat: Readonly<Record<string, unknown>>): string {
  const name = `“${clip(String(chat['title']), SHOWN)}”`;
  const { missing_rights: missing, remedy } = chat;
  if (Array.isArray(missing) && missing.length === 0) {
    return [`⚠️ The chat ${name} is public now.`, String(remedy), 'Until then no access to it is sold.'].join('\n\n');
  }
  return [
    `⚠️ Your bot can no longer manage the chat ${name}.`,
    String(remedy),
    'Until then no access to it is sold, no one is admitted, and no one whose access has ended is removed.',
  ].join('\n\n');
}
