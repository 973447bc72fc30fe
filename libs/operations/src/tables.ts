import { ALL, type Room } from '#libs/database';
import { botRuns } from '#libs/tenants';

export const OPERATIONS_TABLES: Room = {
  library: 'operations',
  ofTenants: {
    webhook_looks: {
      export: ALL,
      erasure: { keeps: 'what Telegram said about a bot' },
      stuck: {
        sick_webhooks: `
          select w.tenant_id as "tenantId", w.bot_id as "botId", w.bot_id::text as subject, w.problem as detail,
            w.last_error as error, w.since
          from webhook_looks w join bots b on b.tenant_id = w.tenant_id and b.id = w.bot_id and ${botRuns('b')}
          where w.problem is not null and w.since <= $1`,
      },
    },
  },
  ofPlatform: {},
};
