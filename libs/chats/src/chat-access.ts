import { DAY, HOUR, MINUTE, type Moves } from '#libs/kernel';

/**
 * `invited`: may come in. `member`: is in. `ending`: is being put out. `ended`: has no access, and bought it once.
 * Whoever leaves on their own is `invited` again for as long as they have paid.
 */
export type AccessState = 'invited' | 'member' | 'ending' | 'ended';
export const ACCESS_STATES = ['invited', 'member', 'ending', 'ended'] as const satisfies readonly AccessState[];

export const ACCESS_MOVES: Moves<AccessState> = {
  invited: ['member', 'ending', 'ended'],
  member: ['invited', 'ending', 'ended'],
  // Bought again before they were out.
  ending: ['invited', 'member', 'ended'],
  ended: ['invited'],
};

/** What one payment gives that has not gone back. */
export interface Paid {
  readonly productId: string;
  /** Without grace; null: for good. */
  readonly paidUntil: Date | null;
  /** Grace included; null: for good. */
  readonly until: Date | null;
  /** Days of one payment; null for good, and for a subscription, which reminds of its end by itself. */
  readonly days: number | null;
}

/** What a buyer has paid for and has not got back, taken together. */
export interface Right {
  readonly live: boolean;
  /** Grace included; null: for good. Of what is over, when it ended. */
  readonly until: Date | null;
  /** Whether anything of it has run out, instead of having gone back. */
  readonly lapsed: boolean;
  /** The payment that lasts longest; undefined when all of them have gone back. */
  readonly last: Paid | undefined;
}

/** @param found every payment that has not gone back */
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

/** This long before the end of what is paid a buyer is reminded; of few days in their last quarter. */
const REMIND_MS = 3 * DAY;

/** When a buyer is to be reminded that what they have paid for ends; undefined when they are not. */
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

/** When each of them ends: what is paid before the last end is added to it. Earliest first. */
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
  /** The end of which the buyer was reminded last. */
  readonly remindedUntil: Date | null;
}

/** What is to be done about an access now, or when to look again. */
export type AccessStep =
  /** Put out somebody who came in by the buyer's link. */
  | { readonly kind: 'expel' }
  /** Let the buyer in who asks. */
  | { readonly kind: 'admit' }
  /** Send the buyer another way in: theirs was lost when the group became a supergroup. */
  | { readonly kind: 'reinvite' }
  /** Undo a removal that was begun before they paid again. */
  | { readonly kind: 'readmit' }
  | { readonly kind: 'revoke_link' }
  | { readonly kind: 'end' }
  /** Tell the buyer until when they have paid. */
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

/** Each end is told of once, and only before it. */
function untilTheEnd(right: Right, until: Date, remindedUntil: Date | null, now: Date): AccessStep {
  const reminder = reminderOf(right);
  if (right.last === undefined || reminder === undefined) return { kind: 'wait', until };
  const { at, paidUntil } = reminder;
  if (paidUntil <= now || remindedUntil?.getTime() === paidUntil.getTime()) return { kind: 'wait', until };
  return at > now ? { kind: 'wait', until: at } : { kind: 'remind', paidUntil, productId: right.last.productId };
}

/** Milliseconds until a buyer who was not let in is tried again: as long as that has lasted, from a minute to six hours, and never past the end of what is paid. */
export function knockAgainMs(
  { failedAt, accessUntil }: { readonly failedAt: Date | null; readonly accessUntil: Date | null },
  now: Date,
): number {
  const wait = Math.min(Math.max(now.getTime() - (failedAt ?? now).getTime(), MINUTE), 6 * HOUR);
  return accessUntil === null || accessUntil <= now ? wait : Math.min(wait, accessUntil.getTime() - now.getTime());
}

/** Where a person stands in a chat, as far as it matters here (Bot API, ChatMember). */
export type Presence = 'in' | 'out' | 'banned' | 'administrator';

export function presenceOf(member: { readonly status: string; readonly is_member?: boolean }): Presence {
  switch (member.status) {
    case 'creator':
    case 'administrator':
      return 'administrator';
    case 'member':
      return 'in';
    // Somebody may be restricted and not in the chat.
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

/** The further, the more has to be done before the buyer is out. */
const DEPTH: readonly AccessState[] = ['ended', 'invited', 'ending', 'member'];

/** What one access says when a chat had two rows and a buyer one at each. @param other of the row that is given up; its link is good */
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
