import type { EventType } from '#libs/journal';
import { clip, DomainError } from '#libs/kernel';
import type { Language } from '#libs/texts';
import type { AlertWords } from './alert-words.js';
import { ALERT_WORDS } from './words.js';
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

/** Facts that an alert needs and its event does not contain. */
export interface AlertDetails extends WarningDetails {
  /** The text of a support message. */
  readonly text: string | null;
  readonly fileKind: string | null;
}

/** The text of an alert. */
export function alertText(language: Language, type: EventType, data: Json, details?: AlertDetails): string {
  const words = ALERT_WORDS[language];
  if (type === 'quota.warning') return quotaText(words, data);
  if (type === 'chat.updated') return chatText(words, data);
  if (type === 'bot.removal_stuck') return removalText(words, data);
  const warning = warningText(words, type, data, details);
  if (warning !== undefined) return warning;
  if (details === undefined) throw new Error(`there is no text for ${type}`);
  if (type === 'refund.failed') return refundFailedText(words, data, details);
  if (type === 'order.paid') return saleText(words, data, details);
  return type === 'support.message_received'
    ? supportText(words, language, data, details)
    : failureText(words, data, details);
}

const named = (words: AlertWords, title: string | null) => `“${clip(title ?? words.something, SHOWN)}”`;

const saleText = (words: AlertWords, { id, stars }: Json, { bot, title, buyer }: AlertDetails) =>
  [
    words.sold(named(words, title), words.stars(Number(stars))),
    words.bot(`@${bot}`),
    ...whoLines(words, buyer),
    String(id),
  ].join('\n');

function failureText(words: AlertWords, order: Json, { bot, title, buyer }: AlertDetails): string {
  const reason = order['delivery_error'];
  const name = named(words, title);
  return [
    order['status'] === 'placed' ? words.notSold(name) : words.notDelivered(name),
    words.reason(typeof reason === 'string' ? clip(reason, SHOWN * 3) : words.unknown),
    words.bot(`@${bot}`),
    ...whoLines(words, buyer),
    String(order['id']),
  ].join('\n');
}

function supportText(
  words: AlertWords,
  language: Language,
  message: Json,
  { bot, title, buyer, text, fileKind }: AlertDetails,
): string {
  const path = `/v1/support-threads/${String(message['thread_id'])}/messages/${String(message['id'])}/file`;
  return [
    words.asked,
    [
      words.bot(`@${bot}`),
      ...whoLines(words, buyer),
      ...(title === null ? [] : [words.about(named(words, title))]),
    ].join('\n'),
    ...(text === null || text === '' ? [] : [clip(text, SHOWN_WORDS)]),
    ...(fileKind === null ? [] : [words.sentFile(fileKind, path)]),
    // The last line is always ours, whatever the buyer wrote: it identifies the thread for a reply.
    answerLine(language, message),
  ].join('\n\n');
}

/** Also placed below a copy of the buyer's message, so that a reply to the copy also reaches the buyer. */
export const answerLine = (language: Language, message: Json) =>
  `${ALERT_WORDS[language].howToAnswer}\n${String(message['thread_id'])}`;

const whoLines = (words: AlertWords, buyer: string | null) => (buyer === null ? [] : [words.buyer(clip(buyer, SHOWN))]);

/** The thread of an alert. @param alert the text of the bot's own message. @returns its public id */
export const threadIn = (alert: string): string | undefined => /\n(sth_[0-9a-z]{26})$/.exec(alert)?.[1];

/** The alert about a plan that is nearly or completely used up. */
function quotaText(words: AlertWords, limit: Json): string {
  const known: Readonly<Record<string, string>> = words.limits;
  const name = known[String(limit['name'])] ?? clip(String(limit['name']), SHOWN);
  return [
    words.planUsed(name, Number(limit['used']), Number(limit['allowed'])),
    limit['state'] === 'exhausted' ? words.planExhausted : words.planNearly,
    words.planHelp,
  ].join('\n\n');
}

/** The alert about a bot that cannot be removed yet. */
const removalText = (words: AlertWords, { bot_id: id, failures }: Json) =>
  [
    words.notRemoved(Array.isArray(failures) ? failures.length : 0),
    words.obligations(`/v1/bots/${String(id)}/obligations`),
  ].join('\n\n');

/** The alert about a chat in which the bot lacks rights, or which is open to everyone. */
function chatText(words: AlertWords, chat: Json): string {
  const name = `“${clip(String(chat['title']), SHOWN)}”`;
  const { missing_rights: missing, remedy } = chat;
  const isPublic = Array.isArray(missing) && missing.length === 0;
  return [
    isPublic ? words.chatPublic(name) : words.chatLost(name),
    String(remedy),
    isPublic ? words.untilPrivate : words.untilManaged,
  ].join('\n\n');
}
