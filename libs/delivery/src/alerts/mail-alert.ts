import type { EventType } from '#libs/journal';
import { HOUR } from '#libs/kernel';
import { ROLE_SCOPES, type Role, type Scope } from '#libs/tenants';
import type { Language } from '#libs/texts';
import { type AlertDetails, alertText, switchOf } from './alert.js';
import { isWarning } from './warning.js';
import { ALERT_WORDS } from './words.js';

/** The kinds of alerts by email: those of the alert chat, and the warnings that the chat always gets. */
export const MAIL_ALERT_KINDS = ['sales', 'failures', 'support', 'warnings'] as const;
export type MailAlertKind = (typeof MAIL_ALERT_KINDS)[number];
export type MailAlertSwitches = Readonly<Record<MailAlertKind, boolean>>;

type Json = Readonly<Record<string, unknown>>;
interface AboutEvent {
  readonly type: EventType;
  readonly data: Json;
}

const SCOPES: Readonly<Record<MailAlertKind, Scope>> = {
  sales: 'orders:read',
  failures: 'orders:read',
  support: 'support:read',
  warnings: 'endpoints:read',
};

/**
 * Returns a member's switches: as chosen or, by default, on for owners and admins where money is lost. Always off where
 * the role may not read the subject.
 */
export function mailAlertsOf(role: Role, chosen: MailAlertSwitches | undefined): MailAlertSwitches {
  const manages = role === 'owner' || role === 'admin';
  const wanted = chosen ?? { sales: false, failures: manages, support: false, warnings: manages };
  const gets = (kind: MailAlertKind) => wanted[kind] && ROLE_SCOPES[role].includes(SCOPES[kind]);
  return { sales: gets('sales'), failures: gets('failures'), support: gets('support'), warnings: gets('warnings') };
}

/** An email about a failed email would fail as well. */
const FAILS_TOO: readonly unknown[] = ['mail.send', 'alert.mail'];

/** Returns the kind of email about an event; undefined for an event without one. */
export function mailKindOf(event: AboutEvent): MailAlertKind | undefined {
  const wanted = switchOf(event);
  if (wanted !== undefined) return wanted;
  const { type, data } = event;
  if (type === 'job.parked' && FAILS_TOO.includes(data['kind'])) return undefined;
  return isWarning(type) || type === 'chat.updated' || type === 'bot.removal_stuck' ? 'warnings' : undefined;
}

/** The pacing of one kind of email in a workspace. */
export interface MailPace {
  /** The time of the latest email; null before the first. */
  readonly sentAt: Date | null;
  /** The event for the next email, while it is too early to send that. */
  readonly waiting: string | null;
  /** Number of events since then, which get no email. */
  readonly held: number;
}

export type MailStep =
  | { readonly kind: 'send'; readonly held: number }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'hold' };

/**
 * Allows one email an hour: the first event is sent at once, the next one at the end of the hour, with the number of
 * those after it. A waiting event that is an hour overdue counts as lost, and the next one takes its place.
 */
export function stepOf({ sentAt, waiting, held }: MailPace, eventId: string, now: Date): MailStep {
  const opens = sentAt === null ? now : new Date(sentAt.getTime() + HOUR);
  const isLost = now.getTime() >= opens.getTime() + HOUR;
  if (waiting !== null && waiting !== eventId && !isLost) return { kind: 'hold' };
  return now < opens ? { kind: 'wait', until: opens } : { kind: 'send', held };
}

/**
 * Returns the text of an email about an event, without buyers' names and words, because an erasure does not reach
 * mailboxes.
 * @returns undefined if the event's subject was deleted
 */
export function mailAlertText(
  language: Language,
  event: AboutEvent,
  details: AlertDetails | undefined,
): string | undefined {
  const { type, data } = event;
  if (details === undefined && switchOf(event) !== undefined) return undefined;
  const known = details && { ...details, buyer: null, text: null };
  if (type !== 'support.message_received') return alertText(language, type, data, known);
  const words = ALERT_WORDS[language];
  const about = known?.title === undefined || known.title === null ? [] : [words.about(`“${known.title}”`)];
  return [words.asked, words.bot(`@${known?.bot ?? ''}`), ...about].join('\n');
}

/** Returns the path of the dashboard's page about an event, without a leading slash. */
export function pageAbout({ type, data }: AboutEvent): string {
  const id = String(data['id']);
  if (type.startsWith('order.')) return `orders/${id}`;
  if (type.startsWith('support.')) return `support/${String(data['thread_id'])}`;
  if (type.startsWith('endpoint.')) return 'developers';
  if (type.startsWith('bot.')) return `bots/${String(data['bot_id'])}`;
  return type.startsWith('chat') ? 'chats' : '';
}
