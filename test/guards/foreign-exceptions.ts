import type { Touch } from './foreign-tables.js';

export interface Exception extends Pick<Touch, 'file' | 'way'> {
  readonly tables: readonly string[];
  readonly why: string;
}

/**
 * Reads of tables whose library the reader must not import, with reasons. Writing another library's tables is never allowed. The list is
 * meant to shrink.
 */
export const EXCEPTIONS: readonly Exception[] = [
  {
    file: 'libs/catalog/src/products/product.service.ts',
    way: 'reads',
    tables: ['chats'],
    why: 'A product locks the chat that it opens. Chats import the catalogue, so the catalogue cannot import them.',
  },
  {
    file: 'libs/chats/src/chat-access.service.ts',
    way: 'reads',
    tables: ['entitlements', 'buyers'],
    why: 'Access follows from what was paid. Sales import chats, so chats cannot import them.',
  },
  {
    file: 'libs/chats/src/chat-access.store.ts',
    way: 'reads',
    tables: ['entitlements', 'orders', 'subscriptions'],
    why: 'Access follows from what was paid. Sales import chats, so chats cannot import them.',
  },
  {
    file: 'libs/chats/src/chat.store.ts',
    way: 'reads',
    tables: ['orders'],
    why: 'Orders that waited for the chat are handed over once it is ready.',
  },
  {
    file: 'libs/delivery/src/alerts/alert.service.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'The alert chat is with a person whom a bot knows. Delivery never calls sales.',
  },
  {
    file: 'libs/delivery/src/alerts/alert-details.rows.ts',
    way: 'reads',
    tables: ['buyers', 'orders', 'fulfilments', 'support_messages', 'support_threads', 'refunds', 'charges'],
    why: 'An alert says what an event is about. Delivery learns from events and never calls sales.',
  },
  { file: 'libs/delivery/src/tables.ts', way: 'reads', tables: ['buyers'], why: 'to be moved to the owner' },
  {
    file: 'libs/tenants/src/tables.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'A saved search for an erased buyer is deleted with them. Sales import tenants.',
  },
  {
    file: 'libs/journal/src/audit.store.ts',
    way: 'reads',
    tables: ['tenants'],
    why: 'An entry about a workspace that does not exist is refused in the statement that writes it.',
  },
  {
    file: 'libs/journal/src/inbox.keeper.ts',
    way: 'reads',
    tables: ['bots'],
    why: 'Staff read whose update it is. Tenants import the journal.',
  },
  {
    file: 'libs/ledger/src/credit-book.service.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'An account belongs to a buyer of the workspace. Sales import the ledger.',
  },
  {
    file: 'libs/ledger/src/credit-reader.service.ts',
    way: 'reads',
    tables: ['buyers'],
    why: 'An account belongs to a buyer of the workspace. Sales import the ledger.',
  },
  {
    file: 'libs/quotas/src/quota.service.ts',
    way: 'reads',
    tables: ['bots', 'products', 'endpoints', 'files', 'memberships', 'api_keys'],
    why: 'A limit counts what it limits, under one lock and in one statement. All of these import quotas.',
  },
  {
    file: 'libs/sales/src/reports/timeline.service.ts',
    way: 'reads',
    tables: ['handover_attempts', 'webhook_deliveries', 'webhook_attempts', 'support_threads', 'support_messages'],
    why: 'A report: the timeline of an order says what every library knows of it.',
  },
  {
    file: 'libs/staff/src/tenant-page.service.ts',
    way: 'reads',
    tables: ['ledger_entries', 'endpoints'],
    why: 'A report for staff: the page of a workspace.',
  },
  {
    file: 'libs/tenants/src/bots/bot-text.service.ts',
    way: 'reads',
    tables: ['products'],
    why: 'A text of a product is written for a product of the bot.',
  },
  {
    file: 'libs/vault/src/data-key-rotator.service.ts',
    way: 'reads',
    tables: ['tenants'],
    why: 'A rotation goes through all workspaces. Tenants import the vault.',
  },
];
