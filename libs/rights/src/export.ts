/**
 * Tables whose rows leave with a workspace, each with the columns that stay here: secrets, and what they are recognised by. A guard
 * test misses tables that are neither here nor below, and sealed columns that would leave.
 */
export const EXPORTED: Readonly<Record<string, readonly string[]>> = {
  alert_chats: [],
  api_keys: ['hash'],
  bot_texts: [],
  audit_entries: [],
  audit_outcome_entries: [],
  bot_removal_failures: [],
  bot_removals: [],
  bots: ['token_sealed'],
  business_connections: [],
  buyers: ['username_key'],
  charges: [],
  chat_access_terms: [],
  chat_accesses: ['link'],
  chat_paid_links: [],
  chats: [],
  closures: [],
  credit_accounts: [],
  credit_entries: [],
  credit_holds: [],
  credit_lots: [],
  credit_reservations: [],
  endpoints: ['secret_sealed', 'previous_secret_sealed'],
  entitlements: [],
  erasures: ['telegram_id_sealed'],
  events: [],
  files: ['storage_key'],
  // An address may hold a key.
  fulfilments: ['goods_url'],
  handover_attempts: [],
  inbox: ['lease', 'lease_until'],
  invitations: ['token_hash'],
  ledger_entries: [],
  licence_keys: ['key_sealed', 'key_hash'],
  licence_pools: ['hash_key_sealed'],
  limit_overrides: [],
  manual_deliveries: [],
  memberships: [],
  order_counts: [],
  orders: [],
  paid_commands: [],
  paid_media_items: [],
  price_versions: [],
  product_posts: ['request'],
  product_views: [],
  products: [],
  promo_codes: [],
  promo_guesses: [],
  promo_wallets: [],
  quota_warnings: [],
  reconciliations: [],
  refunds: [],
  spendings: ['fingerprint'],
  star_transactions: [],
  stray_payments: [],
  subscription_plans: [],
  subscriptions: [],
  support_messages: [],
  support_threads: [],
  telegram_files: [],
  tenant_state_entries: [],
  terms_consents: [],
  webhook_attempts: [],
  webhook_deliveries: [],
  webhook_looks: [],
};

/** Tables that stay, and why. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {
  credit_requests: 'repeats what the ledger says, for requests that are sent again',
  data_keys: 'keys of ours, which open nothing outside',
  fulfilment_secrets: 'nothing but secrets',
  idempotency_keys: 'sealed answers, gone after 24 hours',
  jobs: 'work of ours that waits',
  star_cursors: "how far we have read Telegram's list",
};

/** What is in the archive: the last entry, `manifest.json`. */
export interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  /** Hex, of the entry's content. */
  readonly sha256: string;
  /** Of tables: how many. */
  readonly rows?: number;
  /** Why the entry is empty or breaks off. */
  readonly error?: string;
}
