export { type ClawBack, type CreditCause, RESERVATION_DEFAULT_MS, RESERVATION_MAX_MS } from './credit.js';
export { CreditBook } from './credit-book.service.js';
export {
  type BoughtPack,
  CreditPackService,
  type PackStanding,
  type RefundedPack,
} from './credit-pack.service.js';
export {
  CommitExceedsReservation,
  CreditsAlreadyExpired,
  IdempotencyMismatch,
  InsufficientCredits,
  InvalidCreditAmount,
  ReservationCommitted,
  ReservationEnded,
  ReservationExpired,
  ReservationOfOrder,
  ReservationReleased,
  TooManyCredits,
} from './credit-refusals.js';
export { CreditReader, type HistoryFilter } from './credit-reader.service.js';
export { CreditRequestStore } from './credit-request.store.js';
export { CreditService, type CreditWish } from './credit.service.js';
export { creditChangeSchema, creditChangeView, creditClawBackSchema } from './credit-change-view.js';
export {
  balanceSchema,
  balanceView,
  clawBackSchema,
  clawBackView,
  creditEntrySchema,
  creditEntryView,
  debitViewSchema,
  grantViewSchema,
  reservationViewSchema,
  type UnitBalance,
} from './credit-view.js';
export { type CreditPrice, OrderCredits, type PaidCredits } from './order-credits.service.js';
export { LedgerModule } from './ledger.module.js';
export { LedgerService, type Posting } from './ledger.service.js';
export { type Account, type Entry, matched, received, returned } from './posting.js';
export { LEDGER_TABLES } from './tables.js';
