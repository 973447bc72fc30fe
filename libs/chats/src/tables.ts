import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';
import { botRuns } from '#libs/tenants';

export const CHATS_TABLES: Room = {
  library: 'chats',
  ofTenants: {
    chats: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      stuck: {
        // Only where it matters: where access is on sale, or someone has access.
        chats_without_rights: `
          select c.tenant_id as "tenantId", c.bot_id as "botId", c.id::text as subject, c.standing as detail,
            concat_ws(', ', case when not c.can_invite then 'can_invite_users' end,
              case when not c.can_remove then 'can_restrict_members' end,
              case when c.username is not null and not c.join_by_request then 'open_to_anybody' end) as error, c.lacking_since as since
          from chats c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id and ${botRuns('b')}
          where c.lacking_since is not null and c.lacking_since <= $1
            and (exists (select from products p where p.tenant_id = c.tenant_id and p.chat_id = c.id and p.state = 'active')
              or exists (select from chat_accesses a where a.tenant_id = c.tenant_id and a.chat_id = c.id and a.state <> 'ended'))`,
      },
    },
    chat_accesses: {
      export: { without: ['link'] },
      erasure: {
        erases: 'buyer, and their invite link',
        by: {
          access: [
            // The person stays in the chat; their identity is no longer known.
            `update chat_accesses a set buyer_id = p.pseudonym, state = 'ended', ended_at = coalesce(ended_at, now()), requested_at = null,
               link = null, link_expires_at = null from p where a.tenant_id = $1 and a.buyer_id = p.telegram_id`,
            `update chat_accesses a set intruder_id = null from p where a.tenant_id = $1 and a.intruder_id = p.telegram_id`,
          ],
        },
      },
      obliges: {
        invite_link: `select a.id::text, true, null
          from chat_accesses a where a.tenant_id = $1 and a.bot_id = $2 and a.link is not null
            and (a.link_expires_at is null or a.link_expires_at > now())`,
      },
      problems: {
        buyers_kept_out: `select a.chat_id::text, count(*)::int, min(a.failed_at), (array_agg(a.failure order by a.updated_at desc))[1]
          from chat_accesses a
          where a.tenant_id = $1 and a.bot_id = $2 and a.failed_at is not null and a.state <> 'ended' group by a.chat_id`,
      },
      stuck: {
        failed_accesses: `
          select tenant_id as "tenantId", bot_id as "botId", id::text as subject, state as detail, failure as error, failed_at as since
          from chat_accesses where failed_at is not null and failed_at <= $1 and state <> 'ended'`,
      },
    },
    chat_upgrades: { export: ALL, erasure: WORKSPACE_OWN },
    chat_paid_links: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      obliges: {
        paid_link: `select l.id::text, true, null
          from chat_paid_links l join chats c on c.tenant_id = l.tenant_id and c.id = l.chat_id
          where l.tenant_id = $1 and c.bot_id = $2 and l.revoked_at is null`,
      },
    },
    product_posts: { export: { without: ['request'] }, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {},
};
