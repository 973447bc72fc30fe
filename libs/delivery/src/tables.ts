import { ALL, type Room, WORKSPACE_OWN } from '#libs/database';

const WIPED = 'a.response is not null';

export const DELIVERY_TABLES: Room = {
  library: 'delivery',
  ofTenants: {
    alert_chats: {
      export: ALL,
      erasure: {
        erases: 'the row',
        by: {
          leftovers: `delete from alert_chats a using p where a.tenant_id = $1 and a.telegram_id = p.telegram_id`,
        },
      },
      closing: { workspace: 'delete from alert_chats where tenant_id = $1' },
      problems: {
        alerts_unreachable: `select a.bot_id::text, cardinality(a.missed), greatest(a.created_at, y.updated_at),
            case when b.state = 'removed' then 'the bot was removed' else 'the bot was blocked' end
          from alert_chats a join bots b on b.tenant_id = a.tenant_id and b.id = a.bot_id
          left join buyers y on y.tenant_id = a.tenant_id and y.bot_id = a.bot_id and y.telegram_id = a.telegram_id
          where a.tenant_id = $1 and (b.state = 'removed' or y.reachable is not true)`,
      },
    },
    mail_alerts: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'delete from mail_alerts where tenant_id = $1' },
    },
    mail_alert_paces: {
      export: ALL,
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'delete from mail_alert_paces where tenant_id = $1' },
    },
    endpoints: {
      export: { without: ['secret_sealed', 'previous_secret_sealed'] },
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'delete from endpoints where tenant_id = $1' },
      problems: {
        endpoints_failing: `select e.id::text, 1, e.failing_since, coalesce(e.disabled_because, e.failure)
          from endpoints e where e.tenant_id = $1 and e.failing_since is not null`,
      },
      stuck: {
        failing_endpoints: `
          select tenant_id as "tenantId", null::uuid as "botId", id::text as subject, state as detail, disabled_because as error,
            failing_since as since
          from endpoints where failing_since is not null and failing_since <= $1`,
      },
    },
    fulfilment_secrets: {
      export: { nothing: 'contains only secrets' },
      erasure: WORKSPACE_OWN,
      closing: { workspace: 'delete from fulfilment_secrets where tenant_id = $1' },
    },
    handover_attempts: { export: ALL, erasure: { keeps: "Telegram's verdict on a message" } },
    webhook_attempts: {
      export: ALL,
      closing: { workspace: 'delete from webhook_attempts where tenant_id = $1' },
      erasure: {
        erases: "the response of the creator's server",
        by: {
          traces: `update webhook_attempts a set response = null
            from webhook_deliveries d join events e on e.tenant_id = d.tenant_id and e.id = d.event_id
              join their_orders o on o.id = e.order_id
            where a.tenant_id = $1 and d.tenant_id = $1 and a.delivery_id = d.id and ${WIPED}`,
        },
        scrub: {
          after: 'events',
          sql: `update webhook_attempts a set response = null from webhook_deliveries d
            where a.tenant_id = $1 and d.tenant_id = $1 and a.delivery_id = d.id and ${WIPED} and d.event_id = any ($5)`,
        },
      },
    },
    webhook_deliveries: { export: ALL, erasure: { keeps: 'names no buyer' } },
  },
  ofPlatform: {},
};
