import { ALL, type Room } from '#libs/database';
import { mentions, replaced } from '#libs/journal';

const NAMES_NOBODY = { keeps: 'names no buyer' } as const;

export const LEDGER_TABLES: Room = {
  library: 'ledger',
  ofTenants: {
    credit_accounts: {
      export: ALL,
      erasure: {
        erases: 'buyer',
        knows: 'buyer_id',
        by: {
          money: `update credit_accounts a set buyer_id = p.pseudonym from p
            where a.tenant_id = $1 and a.buyer_id = p.telegram_id`,
        },
      },
    },
    credit_entries: {
      appendOnly: true,
      export: ALL,
      erasure: { keeps: 'append-only; identifies no buyer, and reasons must not contain names' },
    },
    credit_holds: { export: ALL, erasure: NAMES_NOBODY },
    credit_lots: { export: ALL, erasure: NAMES_NOBODY },
    credit_requests: {
      export: { nothing: "copies of the ledger's responses, for repeated requests" },
      erasure: {
        erases: 'buyer in the response',
        scrub: {
          sql: `update credit_requests set answer = ${replaced('answer', '$2', '$3')}
            where tenant_id = $1 and ${mentions('answer', '$2')}`,
        },
      },
      closing: { workspace: 'delete from credit_requests where tenant_id = $1' },
    },
    credit_reservations: { export: ALL, erasure: NAMES_NOBODY },
    ledger_entries: { appendOnly: true, export: ALL, erasure: NAMES_NOBODY },
  },
  ofPlatform: {},
};
