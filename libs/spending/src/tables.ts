import { ALL, type Room } from '#libs/database';

export const SPENDING_TABLES: Room = {
  library: 'spending',
  ofTenants: {
    business_connections: {
      export: ALL,
      erasure: {
        erases: 'the person; the rights are removed with them',
        by: {
          spending: `update business_connections c set user_id = p.pseudonym, rights = '{}', enabled = false from p
            where c.tenant_id = $1 and c.user_id = p.telegram_id`,
        },
      },
    },
    spendings: {
      export: { without: ['fingerprint'] },
      erasure: {
        erases: 'the person, and texts that were sent to them',
        by: {
          spending: [
            `update spendings s set person_id = p.pseudonym, details = s.details - 'text' from p
             where s.tenant_id = $1 and s.person_id = p.telegram_id`,
            `update spendings s set details = s.details - 'to_telegram_id' from p
             where s.tenant_id = $1 and s.details ->> 'to_telegram_id' = p.telegram_id::text`,
          ],
        },
      },
      obliges: {
        spending: `select p.id::text, false, case when p.state = 'unknown' then coalesce(p.failure, 'Its outcome is not known.') end
          from spendings p where p.tenant_id = $1 and p.bot_id = $2 and p.state in ('begun', 'unknown')`,
      },
    },
  },
  ofPlatform: {},
};
