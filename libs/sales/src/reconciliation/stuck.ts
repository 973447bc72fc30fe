import { botRuns } from '#libs/tenants';

/** Bots whose books have differed from Telegram's list since $1 or longer. */
export const DIFFERENCES = `
  select c.tenant_id as "tenantId", c.bot_id as "botId", c.bot_id::text as subject, 'unexplained ' || r.unexplained as detail,
    nullif(concat_ws(', ',
      case when r.unknown_there > 0 then r.unknown_there || ' charges that Telegram does not list' end,
      case when r.unknown_here > 0 then r.unknown_here || ' transactions that cannot be recorded' end), '') as error,
    c.differs_since as since
  from star_cursors c join lateral (
    select * from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and r.state = 'succeeded'
    order by r.id desc limit 1
  ) r on true
  where c.differs_since is not null and c.differs_since <= $1`;

/** Bots without a successful reconciliation since $1, including those whose reconciliation does not end. */
export const FAILING_COMPARISONS = `
  select c.tenant_id as "tenantId", c.bot_id as "botId", c.bot_id::text as subject, 'last success ' || coalesce(
      (select r.finished_at::text from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id
         and r.state = 'succeeded' order by r.id desc limit 1), 'never') as detail,
    (select r.error from reconciliations r where r.tenant_id = c.tenant_id and r.bot_id = c.bot_id and r.state = 'failed'
     order by r.id desc limit 1) as error,
    c.failing_since as since
  from star_cursors c join bots b on b.tenant_id = c.tenant_id and b.id = c.bot_id and ${botRuns('b')}
  where c.failing_since is not null and c.failing_since <= $1
  union all
  select r.tenant_id, r.bot_id, r.bot_id::text, 'running, ' || r.rows_read || ' rows read', null, r.started_at
  from reconciliations r join bots b on b.tenant_id = r.tenant_id and b.id = r.bot_id and ${botRuns('b')}
  where r.state = 'running' and r.started_at <= $1`;
