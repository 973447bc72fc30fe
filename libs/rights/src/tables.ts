import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

export const RIGHTS_TABLES: Room = {
  library: 'rights',
  ofTenants: {
    bot_removals: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      stuck: {
        stuck_removals: `
          select r.tenant_id as "tenantId", r.bot_id as "botId", r.bot_id::text as subject, r.state as detail,
            (select j.error from jobs j where j.tenant_id = r.tenant_id and j.kind = 'bot.remove' and j.subject = r.bot_id) as error,
            r.created_at as since
          from bot_removals r where r.state <> 'done' and r.created_at <= $1`,
      },
    },
    bot_removal_failures: { export: ALL, erasure: { keeps: 'ids of rows; identifies no buyer' } },
    closures: { export: ALL, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {},
};
