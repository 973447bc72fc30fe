import { DomainError, HOUR, type IdKind, MINUTE, SECOND } from '#libs/kernel';

interface Obligation {
  /** What its id is an id of; null: a number of Telegram's. */
  readonly id: IdKind | null;
  /** What a creator can do when it cannot be ended by itself. */
  readonly remedy: string;
}

/** What has to be ended before a bot may go: what it has begun at Telegram, and what it owes to its buyers. */
export const OBLIGATIONS = {
  renewal: {
    id: 'subscription',
    remedy:
      'Telegram goes on charging this buyer. Give the bot a token that works (POST /v1/bots/{id}/rotate-token), compare with Telegram if its ' +
      'first payment is missing (POST /v1/bots/{id}/reconciliations), or refund the last payment.',
  },
  second_renewal: {
    id: 'charge',
    remedy: 'A second subscription to the same product goes on being charged. Ask the buyer to cancel it in Telegram.',
  },
  farewell: { id: 'subscription', remedy: 'Tell the buyer until when they have access.' },
  order: { id: 'order', remedy: 'Deliver it by hand (POST /v1/orders/{id}/deliver), or refund it.' },
  refund: { id: 'refund', remedy: 'Read why it has failed, mend that, and ask for it again.' },
  payment: { id: 'order', remedy: 'Wait ten minutes: the buyer may be paying at this moment.' },
  update: { id: null, remedy: 'Wait until what Telegram has sent is worked on. If that takes long, tell support.' },
  answer: { id: 'supportThread', remedy: 'Wait until your answer has gone out, or close the question.' },
  refund_notice: { id: 'refund', remedy: 'Wait until the buyer has been told that the Stars went back.' },
  spending: { id: 'spending', remedy: 'Look in Telegram whether it was done. It is never repeated by itself.' },
  invite_link: {
    id: 'chatAccess',
    remedy: 'Give the bot its rights in the chat back, or revoke the link in Telegram.',
  },
  paid_link: { id: 'paidLink', remedy: 'Give the bot its rights in the channel back, or revoke the link in Telegram.' },
} as const satisfies Record<string, Obligation>;
export type ObligationKind = keyof typeof OBLIGATIONS;
export const OBLIGATION_KINDS = Object.keys(OBLIGATIONS) as ObligationKind[];

export interface ObligationRow {
  readonly kind: ObligationKind;
  readonly id: string;
  /** Why it does not end by itself; null while it may. */
  readonly failure: string | null;
}

export interface ObligationCount {
  readonly kind: ObligationKind;
  readonly pending: number;
  readonly failed: number;
}

/** `stuck`: something could not be ended, and the creator has not accepted that. It goes on by itself once that is mended. */
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

/** How long a removal whose failures are accepted waits for what is still under way. It waits for renewals as long as it takes. */
const PATIENCE_MS = HOUR;

/** What comes next for a removal of which this is left. */
export function nextOf(
  left: readonly ObligationCount[],
  { acknowledgedAt }: Pick<RemovalRow, 'acknowledgedAt'>,
  now: Date,
): 'wait' | 'stuck' | 'end' {
  if (acknowledgedAt === null && left.some(({ failed }) => failed > 0)) return 'stuck';
  const patient = acknowledgedAt === null || now.getTime() - acknowledgedAt.getTime() < PATIENCE_MS;
  return left.some(({ kind, pending }) => pending > 0 && (patient || kind === 'renewal')) ? 'wait' : 'end';
}

/** Milliseconds until the next look. Most of what is left takes a second or two, and what takes longer takes minutes. */
export function lookAfter({ createdAt }: Pick<RemovalRow, 'createdAt'>, next: 'wait' | 'stuck', now: Date): number {
  if (next === 'stuck') return 10 * MINUTE;
  return now.getTime() - createdAt.getTime() < MINUTE ? SECOND : 20 * SECOND;
}

/** Telegram refuses the token, so nothing that is left can be ended. */
export class BotOwes extends DomainError {
  static readonly code = 'bot_owes';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Give the bot a token that works with POST /v1/bots/{id}/rotate-token, then remove it. GET /v1/bots/{id}/obligations lists what is ' +
    'left. To remove it all the same, send `acknowledge_failures=true`: buyers then go on being charged, and you answer for it.';

  constructor(left: readonly ObligationCount[]) {
    const what = left.map(({ kind, pending, failed }) => `${kind} ${pending + failed}`).join(', ');
    super(`Telegram refuses the token of this bot, so what it has begun cannot be ended (${what}).`);
  }
}
