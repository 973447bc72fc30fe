import { DomainError, HOUR, type IdKind, MINUTE, SECOND } from '#libs/kernel';

interface Obligation {
  /** The kind of its id; null for one of Telegram's ids. */
  readonly id: IdKind | null;
  /** Advice to the creator for an obligation that does not end automatically. */
  readonly remedy: string;
}

/**
 * Obligations that have to end before a bot is removed: processes that it has started at Telegram, and debts to its
 * buyers.
 */
export const OBLIGATIONS = {
  renewal: {
    id: 'subscription',
    remedy:
      'Telegram continues to charge this buyer. Give the bot a working token (POST ' +
      '/v1/bots/{id}/rotate-token), reconcile with Telegram if its first payment is missing (POST ' +
      '/v1/bots/{id}/reconciliations), or refund the last payment.',
  },
  second_renewal: {
    id: 'charge',
    remedy:
      'Telegram continues to charge for a second subscription to the same product. Ask the buyer to cancel ' +
      'it in Telegram.',
  },
  farewell: { id: 'subscription', remedy: 'Tell the buyer how long their access lasts.' },
  order: { id: 'order', remedy: 'Deliver it manually (POST /v1/orders/{id}/deliver), or refund it.' },
  refund: { id: 'refund', remedy: 'Read why it failed, fix the cause, and request it again.' },
  payment: { id: 'order', remedy: 'Wait ten minutes: the buyer may be paying at this moment.' },
  update: { id: null, remedy: 'Wait until the updates from Telegram are handled. If that takes long, ask support.' },
  answer: { id: 'supportThread', remedy: 'Wait until your reply is sent, or close the question.' },
  refund_notice: { id: 'refund', remedy: 'Wait until the buyer has been told about the refund.' },
  spending: { id: 'spending', remedy: 'Check in Telegram whether it was done. It is never retried automatically.' },
  invite_link: {
    id: 'chatAccess',
    remedy: 'Restore the bot’s rights in the chat, or revoke the link in Telegram.',
  },
  paid_link: { id: 'paidLink', remedy: 'Restore the bot’s rights in the channel, or revoke the link in Telegram.' },
} as const satisfies Record<string, Obligation>;
export type ObligationKind = keyof typeof OBLIGATIONS;
export const OBLIGATION_KINDS = Object.keys(OBLIGATIONS) as ObligationKind[];

export interface ObligationRow {
  readonly kind: ObligationKind;
  readonly id: string;
  /** The reason why it cannot end without help; null while it may. */
  readonly failure: string | null;
}

export interface ObligationCount {
  readonly kind: ObligationKind;
  readonly pending: number;
  readonly failed: number;
}

/**
 * `stuck`: an obligation could not be ended, and the creator has not accepted that. It continues automatically once the
 * cause is fixed.
 */
export const REMOVAL_STATES = ['running', 'stuck', 'done'] as const;
export type RemovalState = (typeof REMOVAL_STATES)[number];

export interface RemovalRow {
  readonly id: string;
  readonly botId: string;
  readonly state: RemovalState;
  readonly acknowledgedAt: Date | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/**
 * Milliseconds for which a removal with accepted failures waits for pending work. It waits indefinitely for renewals.
 */
const PATIENCE_MS = HOUR;

/** The next step of a removal with these obligations. */
export function nextOf(
  left: readonly ObligationCount[],
  { acknowledgedAt }: Pick<RemovalRow, 'acknowledgedAt'>,
  now: Date,
): 'wait' | 'stuck' | 'end' {
  if (acknowledgedAt === null && left.some(({ failed }) => failed > 0)) return 'stuck';
  const patient = acknowledgedAt === null || now.getTime() - acknowledgedAt.getTime() < PATIENCE_MS;
  return left.some(({ kind, pending }) => pending > 0 && (patient || kind === 'renewal')) ? 'wait' : 'end';
}

/** Milliseconds until the next check. Most obligations end within a second or two, the others within minutes. */
export function lookAfter({ createdAt }: Pick<RemovalRow, 'createdAt'>, next: 'wait' | 'stuck', now: Date): number {
  if (next === 'stuck') return 10 * MINUTE;
  return now.getTime() - createdAt.getTime() < MINUTE ? SECOND : 20 * SECOND;
}

/** Thrown when Telegram refuses the token, so that no obligation can be ended. */
export class BotOwes extends DomainError {
  static readonly code = 'bot_owes';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Give the bot a working token with POST /v1/bots/{id}/rotate-token, then remove it. GET ' +
    '/v1/bots/{id}/obligations lists what is left. To remove it anyway, send ' +
    '`acknowledge_failures=true`: buyers then continue to be charged, and you are responsible.';

  constructor(left: readonly ObligationCount[]) {
    const what = left.map(({ kind, pending, failed }) => `${kind} ${pending + failed}`).join(', ');
    super(`Telegram refuses this bot's token, so its obligations cannot be ended (${what}).`);
  }
}
