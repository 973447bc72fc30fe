import { DomainError, NotFound, publicId } from '#libs/kernel';

/** What must have ended before a buyer can be erased, because it needs the person. */
export type UnderWay = 'payment' | 'refund' | 'delivery' | 'message' | 'question' | 'subscription';

const WORDS: Readonly<Record<UnderWay, string>> = {
  payment: 'a payment is being made or looked into',
  refund: 'a refund is on its way',
  delivery: 'goods are being handed over',
  message: 'something that they wrote is being worked on',
  question: 'a question of theirs waits for an answer',
  subscription: 'a subscription of theirs has not ended',
};

export class BuyerBusy extends DomainError {
  readonly code = 'buyer_busy';
  readonly refusal = 'conflict';
  readonly remedy =
    'Wait until it has ended, or end it: answer or close the question, refund what cannot be delivered; cancel or refund a subscription.';

  constructor(readonly underWay: readonly UnderWay[]) {
    super(`This buyer cannot be erased now: ${underWay.map((one) => WORDS[one]).join('; ')}.`);
  }
}

export class NoSuchBuyer extends NotFound {
  constructor() {
    super('buyer');
  }
}

/** Pseudonyms lie far below the ids of Telegram's groups and channels, which are negative, too (Bot API, Chat: at most 52 bits). */
const LOWEST = 2 ** 52;

/** A negative number by which nobody can be found. @param random from 0 up to 1 */
export const pseudonymFrom = (random: number) => -(LOWEST + Math.floor(random * (LOWEST - 1)) + 1);

/** A buyer and the number that stands for them from now on. */
export interface Pair {
  readonly telegramId: number;
  readonly pseudonym: number;
}

export interface ErasureRow {
  readonly id: string;
  readonly pseudonym: number;
  readonly keepUntil: Date;
  readonly createdAt: Date;
}

/** An erasure as the API and its event show it: without the person. */
export const erasureView = (row: ErasureRow) => ({
  object: 'erasure' as const,
  id: publicId('erasure', row.id),
  buyer_telegram_id: row.pseudonym,
  refundable_until: row.keepUntil.toISOString(),
  created_at: row.createdAt.toISOString(),
});

/** What an erasure does with a tenant's table, or why it leaves it alone. A guard test misses tables that are not here. */
export const ERASURE: Readonly<Record<string, { readonly erases: string } | { readonly keeps: string }>> = {
  alert_chats: { erases: 'the row' },
  api_keys: { keeps: "the workspace's own" },
  bot_texts: { keeps: "the workspace's own" },
  audit_entries: { keeps: 'append-only; names no buyer, and reasons are not for names' },
  audit_outcome_entries: { keeps: 'append-only; names no buyer' },
  bot_removal_failures: { keeps: 'ids of rows; names no buyer' },
  bot_removals: { keeps: "the workspace's own" },
  bots: { keeps: "the workspace's own" },
  business_connections: { erases: 'the person; the rights are gone with them' },
  buyers: { erases: 'the row; one with the pseudonym and nothing else takes its place, for the books' },
  charges: { erases: 'buyer, metadata, and the provider id that holds the buyer' },
  chat_access_terms: { keeps: "the workspace's own" },
  chat_accesses: { erases: 'buyer, and their way in' },
  chat_paid_links: { keeps: "the workspace's own" },
  chats: { keeps: "the workspace's own" },
  closures: { keeps: "the workspace's own" },
  credit_accounts: { erases: 'buyer' },
  credit_entries: { keeps: 'append-only; names no buyer, and reasons are not for names' },
  credit_holds: { keeps: 'names no buyer' },
  credit_lots: { keeps: 'names no buyer' },
  credit_requests: { erases: 'buyer in the answer' },
  credit_reservations: { keeps: 'names no buyer' },
  data_keys: { keeps: "the workspace's own" },
  endpoints: { keeps: "the workspace's own" },
  entitlements: { erases: 'buyer' },
  erasures: { keeps: 'is the list itself: the person is sealed, and forgotten in time' },
  events: { erases: 'buyer, metadata and reasons in the data' },
  files: { keeps: "the workspace's own" },
  fulfilment_secrets: { keeps: "the workspace's own" },
  fulfilments: { erases: 'goods that were made for the buyer' },
  handover_attempts: { keeps: "Telegram's verdict on a message" },
  idempotency_keys: { keeps: 'sealed, and gone after 24 hours' },
  inbox: { erases: 'body' },
  invitations: { keeps: "the workspace's own" },
  jobs: { keeps: 'ids of rows, gone when done' },
  ledger_entries: { keeps: 'names no buyer' },
  licence_keys: { keeps: 'names no buyer' },
  licence_pools: { keeps: "the workspace's own" },
  limit_overrides: { keeps: "the workspace's own" },
  manual_deliveries: { erases: 'reason' },
  memberships: { keeps: "the workspace's own" },
  order_counts: { keeps: 'names no buyer' },
  orders: { erases: 'buyer and metadata' },
  paid_media_items: { keeps: "the workspace's own" },
  price_versions: { keeps: "the workspace's own" },
  product_posts: { keeps: "the workspace's own" },
  product_views: { erases: 'buyer' },
  products: { keeps: "the workspace's own" },
  promo_codes: { keeps: "the workspace's own" },
  promo_guesses: { erases: 'the row' },
  promo_wallets: { erases: 'the row' },
  quota_warnings: { keeps: "the workspace's own" },
  reconciliations: { keeps: 'sums of a bot' },
  refunds: { erases: 'reason and metadata' },
  spendings: { erases: 'the person, and words that were sent to them' },
  star_cursors: { keeps: 'names no buyer' },
  star_transactions: { erases: "buyer and Telegram's own words" },
  stray_payments: { erases: 'buyer, payload and charge' },
  paid_commands: { keeps: "the workspace's own" },
  subscription_plans: { keeps: "the workspace's own" },
  subscriptions: { erases: 'buyer and metadata' },
  support_messages: { erases: 'text' },
  support_threads: { erases: 'buyer; a live one is closed' },
  telegram_files: { keeps: "the workspace's own" },
  tenant_state_entries: { keeps: "the workspace's own" },
  terms_consents: { erases: 'the row' },
  webhook_attempts: { erases: "what the creator's server answered" },
  webhook_deliveries: { keeps: 'names no buyer' },
  webhook_looks: { keeps: 'what Telegram said about a bot' },
};
