import type { Touch } from './foreign-tables.js';

export interface Exception extends Pick<Touch, 'file' | 'way'> {
  readonly tables: readonly string[];
  readonly why: string;
}

/** Where a library touches a table that is not its own, and why. The list is meant to shrink. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    file: 'apps/platform/src/http/idempotency.store.ts',
    way: 'writes',
    tables: ['idempotency_keys'],
    why: 'to be moved to the owner',
  },
  {
    file: 'apps/worker/src/rights/rights.sweeper.ts',
    way: 'writes',
    tables: ['idempotency_keys'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat-access.store.ts',
    way: 'writes',
    tables: ['entitlements'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat-migration.service.ts',
    way: 'writes',
    tables: ['products'],
    why: 'to be moved to the owner',
  },
  { file: 'libs/chats/src/chat.store.ts', way: 'writes', tables: ['products'], why: 'to be moved to the owner' },
  {
    file: 'libs/delivery/src/licence-key.service.ts',
    way: 'writes',
    tables: ['licence_pools', 'licence_keys'],
    why: 'to be moved to the owner',
  },
  { file: 'libs/journal/src/event.store.ts', way: 'writes', tables: ['orders'], why: 'to be moved to the owner' },
  {
    file: 'libs/quotas/src/plan.service.ts',
    way: 'writes',
    tables: ['tenants'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/rights/src/erasure.service.ts',
    way: 'writes',
    tables: ['erasures'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/catalog/src/product.service.ts',
    way: 'reads',
    tables: ['bots', 'chats'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat-access.service.ts',
    way: 'reads',
    tables: ['entitlements', 'products', 'buyers'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat-access.store.ts',
    way: 'reads',
    tables: ['products', 'entitlements', 'chat_access_terms', 'orders', 'subscriptions'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat-migration.service.ts',
    way: 'reads',
    tables: ['products'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/chats/src/chat.store.ts',
    way: 'reads',
    tables: ['orders', 'products'],
    why: 'to be moved to the owner',
  },
  { file: 'libs/chats/src/tables.ts', way: 'reads', tables: ['products'], why: 'to be moved to the owner' },
  {
    file: 'libs/delivery/src/alert.service.ts',
    way: 'reads',
    tables: ['buyers', 'orders', 'fulfilments', 'support_messages', 'support_threads', 'refunds', 'charges'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/delivery/src/relay.service.ts',
    way: 'reads',
    tables: ['refunds', 'charges'],
    why: 'to be moved to the owner',
  },
  { file: 'libs/journal/src/audit.store.ts', way: 'reads', tables: ['tenants'], why: 'to be moved to the owner' },
  { file: 'libs/journal/src/inbox.keeper.ts', way: 'reads', tables: ['bots'], why: 'to be moved to the owner' },
  {
    file: 'libs/ledger/src/credit-book.service.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/ledger/src/credit-reader.service.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'to be moved to the owner',
  },
  { file: 'libs/quotas/src/plan.service.ts', way: 'reads', tables: ['tenants'], why: 'to be moved to the owner' },
  {
    file: 'libs/quotas/src/quota.service.ts',
    way: 'reads',
    tables: ['bots', 'products', 'endpoints', 'files', 'memberships', 'api_keys'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/sales/src/reports/timeline.service.ts',
    way: 'reads',
    tables: ['handover_attempts', 'webhook_deliveries', 'webhook_attempts', 'support_threads', 'support_messages'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/staff/src/tenant-list.service.ts',
    way: 'reads',
    tables: ['orders', 'charges', 'buyers'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/staff/src/tenant-page.service.ts',
    way: 'reads',
    tables: ['reconciliations', 'ledger_entries', 'refunds', 'charges', 'endpoints'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/support/src/answer.service.ts',
    way: 'reads',
    tables: ['products'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/tenants/src/bot-text.service.ts',
    way: 'reads',
    tables: ['products'],
    why: 'to be moved to the owner',
  },
  {
    file: 'libs/vault/src/data-key-rotator.service.ts',
    way: 'reads',
    tables: ['tenants'],
    why: 'to be moved to the owner',
  },
];
