import { CATALOG_TABLES } from '#libs/catalog';
import { CHATS_TABLES } from '#libs/chats';
import type { Room } from '#libs/database';
import { DELIVERY_TABLES } from '#libs/delivery';
import { JOURNAL_TABLES } from '#libs/journal';
import { LEDGER_TABLES } from '#libs/ledger';
import { MAIL_TABLES } from '#libs/mail';
import { PROCESS_TABLES } from '#libs/process';
import { QUOTAS_TABLES } from '#libs/quotas';
import { RIGHTS_TABLES } from '#libs/rights';
import { SALES_TABLES } from '#libs/sales';
import { SPENDING_TABLES } from '#libs/spending';
import { STAFF_TABLES } from '#libs/staff';
import { SUPPORT_TABLES } from '#libs/support';
import { TENANTS_TABLES } from '#libs/tenants';
import { VAULT_TABLES } from '#libs/vault';

/**
 * The table cards of every library, in the order in which an erasure processes them within a phase. A guard test finds
 * libraries that are missing here. Only apps and tests import this list, because it knows every library.
 */
export const ALL_ROOMS: readonly Room[] = [
  JOURNAL_TABLES,
  VAULT_TABLES,
  QUOTAS_TABLES,
  TENANTS_TABLES,
  MAIL_TABLES,
  STAFF_TABLES,
  CHATS_TABLES,
  CATALOG_TABLES,
  LEDGER_TABLES,
  SALES_TABLES,
  SUPPORT_TABLES,
  SPENDING_TABLES,
  DELIVERY_TABLES,
  RIGHTS_TABLES,
  PROCESS_TABLES,
];
