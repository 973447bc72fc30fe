import { DAY } from '#libs/kernel';
import type { Period } from './statement.js';

/** Orders by the time of their placement: the current progress of those in the period. */
export interface Funnel {
  /** Total discount by promo codes on paid orders, in whole Stars. */
  readonly givenAway: number;
  readonly placed: number;
  readonly approved: number;
  readonly paid: number;
  readonly delivered: number;
}

/** Stars by the time of their booking, as in the ledger. */
export interface Money {
  /** Number of sales. */
  readonly sales: number;
  /** Income from sales, before refunds. */
  readonly earned: number;
  readonly refunds: number;
  readonly refunded: number;
}

export interface SalesFigures extends Funnel, Money {}

/** Figures of one day (`2026-01-31`), product or bot. The key is null for money without a known product. */
export interface SalesGroup extends SalesFigures {
  readonly key: string | null;
}

const NOTHING: SalesFigures = {
  sales: 0,
  placed: 0,
  givenAway: 0,
  approved: 0,
  paid: 0,
  delivered: 0,
  earned: 0,
  refunds: 0,
  refunded: 0,
};

type Keyed<Facts> = Facts & { readonly key: string | null };

/** Joins orders and money with the same key. */
export function combine(funnels: readonly Keyed<Funnel>[], money: readonly Keyed<Money>[]): SalesGroup[] {
  const groups = new Map<string | null, SalesGroup>();
  for (const part of [...funnels, ...money]) {
    groups.set(part.key, { ...NOTHING, ...groups.get(part.key), ...part });
  }
  return [...groups.values()];
}

export function totalOf(groups: readonly SalesFigures[]): SalesFigures {
  const sum = (of: (figures: SalesFigures) => number) => groups.reduce((total, group) => total + of(group), 0);
  return {
    placed: sum((it) => it.placed),
    givenAway: sum((it) => it.givenAway),
    approved: sum((it) => it.approved),
    paid: sum((it) => it.paid),
    delivered: sum((it) => it.delivered),
    sales: sum((it) => it.sales),
    earned: sum((it) => it.earned),
    refunds: sum((it) => it.refunds),
    refunded: sum((it) => it.refunded),
  };
}

/** Every day of a period in order, including those without sales. */
export function everyDay(groups: readonly SalesGroup[], { from, to }: Period): SalesGroup[] {
  const known = new Map(groups.map((group) => [group.key, group]));
  const days = Math.round((to.getTime() - from.getTime()) / DAY);
  return Array.from({ length: days }, (_, n) => {
    const key = new Date(from.getTime() + n * DAY).toISOString().slice(0, 10);
    return known.get(key) ?? { ...NOTHING, key };
  });
}

/** Highest income first. */
export const bestFirst = (groups: readonly SalesGroup[]) =>
  groups.toSorted((a, b) => b.earned - a.earned || b.placed - a.placed || ((a.key ?? '') < (b.key ?? '') ? -1 : 1));

/** The share of invoices that were paid, to four digits; null when there was no invoice. */
export const conversionOf = ({ placed, paid }: Funnel) =>
  placed === 0 ? null : Math.round((paid / placed) * 1e4) / 1e4;
