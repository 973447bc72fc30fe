import { atOnce, type TermedKind, problem, wholeProblem } from './kind.js';

export interface LicenceKeyTerms {
  /** The creator is warned when this number of keys is left, 1 to {@link MAX_LOW_STOCK}; null: never. */
  readonly lowStockAt: number | null;
}

export const MAX_LOW_STOCK = 1_000_000;

/** A separate key for each order, from a pool that the creator fills. */
export const licenceKey: TermedKind<LicenceKeyTerms> = {
  charged: 'once',
  cardPromise: atOnce,
  fields: [],
  usualTerms: { lowStockAt: null },
  pooled: true,
  problems: (_, { lowStockAt = null }) =>
    problem('low_stock_at', lowStockAt === null ? undefined : wholeProblem(lowStockAt, 1, MAX_LOW_STOCK)),
};
