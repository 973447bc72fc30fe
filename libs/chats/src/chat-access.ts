import { DAY, HOUR, MINUTE, type Moves } from '#libs/kernel';

/**
 * `invited`: may join. `member`: is in the chat. `ending`: is being removed. `ended`: no longer has access. A member
 * who leaves is `invited` again as long as they have paid.
 */
export type AccessState = 'invited' | 'member' | 'ending' | 'ended';
export const ACCESS_STATES = ['invited', 'member', 'ending', 'ended'] as const satisfies readonly AccessState[];

export const ACCESS_MOVES: Moves<AccessState> = {
  invited: ['member', 'ending', 'ended'],
  member: ['invited', 'ending', 'ended'],
  // Bought again before they were removed.
  ending: ['invited', 'member', 'ended'],
  ended: ['invited'],
};

/** One payment that was not refunded. */
export interface Paid {
  readonly productId: string;
  /** Without grace; null: no end. */
  readonly paidUntil: Date | null;
  /** Including grace; null: no end. */
  readonly until: Date | null;
  /** Days of one payment; null for access without end, and for a subscription, which has its own reminder. */
  readonly days: number | null;
}

/** All of a buyer's payments that were not refunded, taken together. */
export interface Right {
  readonly live: boolean;
  /** Including grace; null: no end. If it is over, the time at which it ended. */
  readonly until: Date | null;
  /** True when something expired; false when everything was refunded. */
  readonly lapsed: boolean;
  /** The payment that lasts longest; undefined when all were refunded. */
  readonly last: Paid | undefined;
}

/** @param found every payment that was not refunded */
export function rightOf(found: readonly Paid[], now: Date): Right {
  const last = found.reduce<Paid | undefined>((longest, one) => (lastsLonger(one, longest) ? one : longest), undefined);
  if (last === undefined) return { live: false, until: now, lapsed: false, last };
  const { until } = last;
  return { live: until === null || until > now, until, lapsed: until !== null && until <= now, last };
}

function lastsLonger({ until }: Paid, than: Paid | undefined): boolean {
  if (than === undefined || until === null) return true;
  return than.until !== null && until > than.until;
}

/** Milliseconds before the end of the paid time at which a buyer is reminded; for a few days, in the last quarter. */
const REMIND_MS = 3 * DAY;

/** Returns when to remind a buyer of the end of the paid time; undefined if they are not reminded. */
function reminderOf({ last }: Right): { readonly at: Date; readonly paidUntil: Date } | undefined {
  if (last === undefined || last.paidUntil === null || last.days === null) return undefined;
  const { paidUntil, days } = last;
  return { at: new Date(paidUntil.getTime() - Math.min(REMIND_MS, (days * DAY) / 4)), paidUntil };
}

/** One payment for some days of access. */
export interface PaidDays {
  readonly id: string;
  readonly paidAt: Date;
  readonly days: number;
}

/** Computes the end of each payment: a payment before the previous end extends it. Earliest first. */
export function endsOf(payments: readonly PaidDays[]): { readonly id: string; readonly endsAt: Date }[] {
  let end = new Date(0);
  return payments.map(({ id, paidAt, days }) => {
    end = new Date(Math.max(end.getTime(), paidAt.getTime()) + days * DAY);
    return { id, endsAt: end };
  });
}

export interface StepFacts {
  readonly state: AccessState;
  readonly right: Right;
  readonly requestedAt: Date | null;
  readonly link: string | null;
  /** It was made for the group that the chat was before it became a supergroup. */
  readonly linkLost: boolean;
  readonly intruderId: number | null;
  /** The end of the paid time of which the buyer was last reminded. */
  readonly remindedUntil: Date | null;
}

/** The next step for an access now, or the time of the next check. */
export type AccessStep =
  /** Remove a person who used the buyer's link. */
  | { readonly kind: 'expel' }
  /** Admit the buyer who requests it. */
  | { readonly kind: 'admit' }
  /** Send the buyer another link: theirs stopped working when the group became a supergroup. */
  | { readonly kind: 'reinvite' }
  /** Undo a removal that began before they paid again. */
  | { readonly kind: 'readmit' }
  | { readonly kind: 'revoke_link' }
  | { readonly kind: 'end' }
  /** Tell the buyer when the paid time ends. */
  | { readonly kind: 'remind'; readonly paidUntil: Date; readonly productId: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly until: Date };

export function nextStep(facts: StepFacts, now: Date): AccessStep {
  const { state, right, requestedAt, link, linkLost, intruderId } = facts;
  if (intruderId !== null) return { kind: 'expel' };
  if (!right.live && state !== 'ended') return { kind: 'end' };
  if (!right.live) return { kind: link === null ? 'nothing' : 'revoke_link' };
  if (state === 'ending') return { kind: 'readmit' };
  if (requestedAt !== null) return { kind: 'admit' };
  if (state === 'invited' && linkLost) return { kind: 'reinvite' };
  if (state === 'member' && link !== null) return { kind: 'revoke_link' };
  return right.until === null ? { kind: 'nothing' } : untilTheEnd(right, right.until, facts.remindedUntil, now);
}

/** Returns the step before the end of access: each end is announced once, and only beforehand. */
function untilTheEnd(right: Right, until: Date, remindedUntil: Date | null, now: Date): AccessStep {
  const reminder = reminderOf(right);
  if (right.last === undefined || reminder === undefined) return { kind: 'wait', until };
  const { at, paidUntil } = reminder;
  if (paidUntil <= now || remindedUntil?.getTime() === paidUntil.getTime()) return { kind: 'wait', until };
  return at > now ? { kind: 'wait', until: at } : { kind: 'remind', paidUntil, productId: right.last.productId };
}

/**
 * Milliseconds until the next attempt to admit a buyer: as long as attempts have been failing so far, from a minute to
 * six hours, and never past the end of the paid time.
 */
export function admissionRetryMs(
  { failedAt, accessUntil }: { readonly failedAt: Date | null; readonly accessUntil: Date | null },
  now: Date,
): number {
  const wait = Math.min(Math.max(now.getTime() - (failedAt ?? now).getTime(), MINUTE), 6 * HOUR);
  return accessUntil === null || accessUntil <= now ? wait : Math.min(wait, accessUntil.getTime() - now.getTime());
}

/** A person's standing in a chat, as far as it matters here (Bot API, ChatMember). */
export type Presence = 'in' | 'out' | 'banned' | 'administrator';

export function presenceOf(member: { readonly status: string; readonly is_member?: boolean }): Presence {
  switch (member.status) {
    case 'creator':
    case 'administrator':
      return 'administrator';
    case 'member':
      return 'in';
    // A restricted person need not be in the chat.
    case 'restricted':
      return member.is_member === true ? 'in' : 'out';
    case 'kicked':
      return 'banned';
    default:
      return 'out';
  }
}

export interface AccessFacts {
  readonly id: string;
  readonly chatId: string;
  readonly botId: string;
  readonly buyerId: number;
  readonly state: AccessState;
  readonly accessUntil: Date | null;
  readonly failure: string | null;
  readonly joinedAt: Date | null;
  readonly endedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Mergeable {
  readonly state: AccessState;
  readonly joinedAt: Date | null;
  readonly endedAt: Date | null;
  readonly requestedAt: Date | null;
  readonly link: string | null;
  readonly linkExpiresAt: Date | null;
  readonly linkLost: boolean;
  readonly intruderId: number | null;
  readonly remindedUntil: Date | null;
}

/** The further right, the more steps remain until the buyer is out. */
const DEPTH: readonly AccessState[] = ['ended', 'invited', 'ending', 'member'];

/**
 * Merges a buyer's accesses to the two rows of one chat.
 * @param other the access at the row that is dropped; its link still works
 */
export function mergedAccess(kept: Mergeable, other: Mergeable): Mergeable {
  const state = DEPTH.indexOf(other.state) > DEPTH.indexOf(kept.state) ? other.state : kept.state;
  const { link, linkExpiresAt, linkLost } = other.link === null ? kept : { ...other, linkLost: false };
  return {
    state,
    joinedAt: kept.joinedAt ?? other.joinedAt,
    endedAt: state === 'ended' ? kept.endedAt : null,
    requestedAt: kept.requestedAt ?? other.requestedAt,
    link,
    linkExpiresAt,
    linkLost: linkLost && state === 'invited',
    intruderId: kept.intruderId ?? other.intruderId,
    remindedUntil: kept.remindedUntil ?? other.remindedUntil,
  };
}
