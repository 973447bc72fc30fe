import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';
import { botRuns } from './bots/kill-switch.js';

export const TENANTS_TABLES: Room = {
  library: 'tenants',
  ofTenants: {
    api_keys: {
      export: { without: ['hash'] },
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'update api_keys set revoked_at = now() where tenant_id = $1 and revoked_at is null' },
    },
    invitations: {
      export: { without: ['token_hash'] },
      erasure: WORKSPACE_OWN,
      closing: {
        workspace:
          'update invitations set revoked_at = now() where tenant_id = $1 and accepted_at is null and revoked_at is null',
      },
    },
    telegram_links: {
      export: { without: ['code_hash'] },
      erasure: {
        erases: 'the row',
        by: {
          leftovers: `delete from telegram_links l using p where l.tenant_id = $1 and l.telegram_id = p.telegram_id`,
        },
      },
      closing: { workspace: 'update telegram_links set ended_at = now() where tenant_id = $1 and ended_at is null' },
    },
    order_views: {
      export: ALL,
      erasure: {
        erases: 'views of the orders of one buyer, and views that search for the buyer',
        by: {
          leftovers: `delete from order_views v using p
            where v.tenant_id = $1 and ((v.filters ->> 'buyer_telegram_id')::bigint = p.telegram_id
              or v.filters ->> 'search' = p.telegram_id::text
              or exists (select from buyers b where b.tenant_id = $1 and b.telegram_id = p.telegram_id
                and ltrim(lower(v.filters ->> 'search'), '@') in (lower(b.first_name), lower(b.last_name), b.username_key)))`,
        },
      },
      closing: { workspace: 'delete from order_views where tenant_id = $1' },
    },
    memberships: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'delete from memberships where tenant_id = $1' },
    },
    bots: {
      export: { without: ['token_sealed'] },
      erasure: WORKSPACE_OWN,
      closing: {
        workspace: 'update bots set support_text = null, terms_text = null, terms_version = null where tenant_id = $1',
      },
      stuck: {
        stopped_bots: `
          select tenant_id as "tenantId", id as "botId", id::text as subject, state as detail, stopped_because as error,
            stopped_at as since
          from bots where stopped_at is not null and stopped_at <= $1 and state <> 'removed'`,
      },
    },
    bot_imports: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      closing: {
        workspace: `update bot_imports set state = 'canceled', finished_at = now() where tenant_id = $1 and state = 'running'`,
      },
    },
    bot_import_lines: {
      export: { without: ['token_sealed'] },
      erasure: WORKSPACE_OWN,
      closing: {
        workspace: `update bot_import_lines set state = 'canceled', token_sealed = null where tenant_id = $1 and state = 'waiting'`,
      },
    },
    webhook_looks: {
      export: ALL,
      erasure: { keeps: "Telegram's facts about a bot" },
      problems: {
        webhook_sick: `select w.bot_id::text, 1, w.since, coalesce(w.last_error, w.problem)
          from webhook_looks w where w.tenant_id = $1 and w.bot_id = $2 and w.told is not null`,
      },
      stuck: {
        sick_webhooks: `
          select w.tenant_id as "tenantId", w.bot_id as "botId", w.bot_id::text as subject, w.problem as detail,
            w.last_error as error, w.since
          from webhook_looks w join bots b on b.tenant_id = w.tenant_id and b.id = w.bot_id and ${botRuns('b')}
          where w.problem is not null and w.since <= $1`,
      },
    },
    bot_texts: { export: ALL, erasure: WORKSPACE_OWN },
    erasures: {
      export: { without: ['telegram_id_sealed'] },
      erasure: {
        keeps: 'the list of erasures itself: the person is encrypted, and deleted when the time for refunds ends',
      },
      closing: { workspace: 'update erasures set telegram_id_sealed = null where tenant_id = $1' },
    },
    tenant_state_entries: { appendOnly: true, export: ALL, erasure: WORKSPACE_OWN },
  },
  ofPlatform: {
    tenants: { closing: { end: `update tenants set state = 'closed' where id = $1` } },
    accounts: {},
    account_links: {},
    sessions: {
      closing: {
        platform: `update sessions set revoked_at = now(), revoked_because = 'workspace_closed'
          where owner_tenant = $1 and revoked_at is null`,
      },
    },
    refresh_tokens: {},
    second_factors: {},
    bot_routes: {},
    registration_paces: {},
    staff_note_entries: { appendOnly: true },
  },
};
