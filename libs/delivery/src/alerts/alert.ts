import type { EventType } from '#libs/journal';
import { clip, DomainError, starsInWords } from '#libs/kernel';
import { refundFailedText, type WarningDetails, warningText } from './warning.js';

export class AlertChatUnknown extends DomainError {
  static readonly code = 'alert_chat_unknown';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Open the bot in Telegram with your own account, press Start, and use the Telegram id of that account.';

  constructor() {
    super('No such person has started that bot, so it cannot write to them.');
  }
}

const SHOWN = 100;
/** Of what a buyer wrote; what is longer is read through the API. */
const SHOWN_WORDS = 3_000;

/** Alerts to one chat within a minute. Telegram takes about one message a second there, and buyers come first. */
export const ALERTS_A_MINUTE = 20;

/** What a creator can switch on, beside the warnings that always come. */
export type AlertSwitch = 'sales' | 'failures' | 'support';
export type AlertSwitches = Readonly<Record<AlertSwitch, boolean>>;

export interface AlertChatFacts extends AlertSwitches {
  readonly botId: string;
  readonly telegramId: number;
  /** Whether the bot may write there. */
  readonly reachable: boolean;
  /** Events of which it has not heard. */
  readonly missed: readonly string[];
  readonly createdAt: Date;
}

/** How many alerts are kept for somebody who cannot be reached; older ones are in `GET /v1/events`. */
export const MISSED_AT_MOST = 20;

type Json = Readonly<Record<string, unknown>>;

/** What has to be switched on for a creator to be told of an event; undefined when the event is none of that. */
export function switchOf({ type, data }: { readonly type: EventType; readonly data: Json }): AlertSwitch | undefined {
  if (type === 'order.paid') return Number(data['stars']) > 0 ? 'sales' : undefined;
  if (type === 'order.delivery_failed' || type === 'refund.failed') return 'failures';
  if (type === 'order.updated') return isNotShown(data) ? 'failures' : undefined;
  return type === 'support.message_received' ? 'support' : undefined;
}

const isNotShown = ({ status, delivery_error: error }: Json) => status === 'placed' && typeof error === 'string';

/** What an event is about, as far as the event does not say it. */
export interface AlertDetails extends WarningDetails {
  /** Of a message to support. */
  readonly text: string | null;
  readonly fileKind: string | null;
}

/** What the creator reads because of an event. */
export function alertText(type: EventType, data: Json, details?: AlertDetails): string {
  if (type === 'quota.warning') return quotaText(data);
  if (type === 'chat.updated') return chatText(data);
  if (type === 'bot.removal_stuck') return removalText(data);
  const warning = warningText(type, data, details);
  if (warning !== undefined) return warning;
  if (details === undefined) throw new Error(`there are no words for ${type}`);
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
      ? `⚠️ ${named(title)} was paid for and could not be handed over. The buyer needs help.`
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
    '✉️ A buyer waits for your answer.',
    [`Bot: @${bot}`, ...whoLines(buyer), ...(title === null ? [] : [`About: ${named(title)}`])].join('\n'),
    ...(text === null || text === '' ? [] : [clip(text, SHOWN_WORDS)]),
    ...file,
    // The last line is ours whatever the buyer wrote: it says which thread an answer belongs to.
    answerLine(message),
  ].join('\n\n');
}

/** Also under a copy of what the buyer sent, so that a reply to that is an answer as well. */
export const answerLine = (message: Json) => `Reply to this message to answer.\n${String(message['thread_id'])}`;

const whoLines = (buyer: string | null) => (buyer === null ? [] : [`Buyer: ${clip(buyer, SHOWN)}`]);

/** The thread that an alert was about. @param alert the text of the bot's own message. @returns its public id */
export const threadIn = (alert: string): string | undefined => /\n(sth_[0-9a-z]{26})$/.exec(alert)?.[1];

/** What the creator reads when their plan is nearly used up, or wholly. */
function quotaText(limit: Readonly<Record<string, unknown>>): string {
  const name = clip(String(limit['name']).replaceAll('_', ' '), SHOWN);
  const used = `${Number(limit['used'])} of ${Number(limit['allowed'])}`;
  const what =
    limit['state'] === 'exhausted'
      ? 'That is all of it: nothing new is taken on. What is paid or being paid is delivered as ever.'
      : 'When it is used up, nothing new is taken on.';
  return [
    `⚠️ Your Starwall plan: ${name}, ${used} used.`,
    what,
    'GET /v1/usage shows every limit. Support can give you a larger plan.',
  ].join('\n\n');
}

/** What the creator reads when a bot cannot be removed yet. */
function removalText({ bot_id: id, failures }: Json): string {
  const count = Array.isArray(failures) ? failures.length : 0;
  return [
    `⚠️ Your bot is not removed yet: ${count === 1 ? 'one thing' : `${count} things`} could not be ended, and buyers may go on being charged.`,
    `GET /v1/bots/${String(id)}/obligations lists them, each with its reason and a remedy.`,
  ].join('\n\n');
}

/** What the creator reads when a bot cannot do its work in a chat any more, or the chat lets in anybody. */
function chatText(chat: Readonly<Record<string, unknown>>): string {
  const name = `“${clip(String(chat['title']), SHOWN)}”`;
  const { missing_rights: missing, remedy } = chat;
  if (Array.isArray(missing) && missing.length === 0) {
    return [`⚠️ The chat ${name} is public now.`, String(remedy), 'Until then no access to it is sold.'].join('\n\n');
  }
  return [
    `⚠️ Your bot can no longer look after the chat ${name}.`,
    String(remedy),
    'Until then no access to it is sold, nobody is let in, and nobody whose time is over is put out.',
  ].join('\n\n');
}
