import { Injectable } from '@nestjs/common';
import type { TenantTx } from '#libs/database';
import type { Problem } from './problem.js';

/** Finds what a creator has to know about a bot: each search begins in a partial index that holds nothing else. */
@Injectable()
export class ProblemReader {
  /** Oldest first. What is wrong for the whole workspace is shown with each of its bots. */
  of(tx: TenantTx, botId: string): Promise<Problem[]> {
    return tx.query<Problem>(
      `select kind, subject, count, since, error from (${SEARCHES.join(' union all ')}) found order by since, kind, subject`,
      [tx.tenantId, botId],
    );
  }
}

const newest = (error: string, at: string) => `(array_agg(${error} order by ${at} desc))[1]`;

const SEARCHES: readonly string[] = [
  `select 'goods_refused' as kind, o.product_id::text as subject, count(*)::int as count, min(f.refused_since) as since,
     ${newest('f.last_error', 'f.updated_at')} as error
   from fulfilments f join orders o on o.tenant_id = f.tenant_id and o.id = f.order_id
   where f.tenant_id = $1 and f.refused_since is not null and f.state in ('requested', 'generating') and o.bot_id = $2 and o.state = 'paid'
   group by o.product_id`,
  `select 'refunds_delayed', c.bot_id::text, count(*)::int, min(r.delayed_since), ${newest('r.failure', 'r.updated_at')}
   from refunds r join charges c on c.tenant_id = r.tenant_id and c.id = r.charge_id
   where r.tenant_id = $1 and r.delayed_since is not null and r.state in ('requested', 'sent', 'unknown') and c.bot_id = $2
   group by c.bot_id`,
  `select 'buyers_kept_out', a.chat_id::text, count(*)::int, min(a.failed_at), ${newest('a.failure', 'a.updated_at')}
   from chat_accesses a where a.tenant_id = $1 and a.bot_id = $2 and a.failed_at is not null and a.state <> 'ended' group by a.chat_id`,
  `select 'endpoints_failing', e.id::text, 1, e.failing_since, e.disabled_because
   from endpoints e where e.tenant_id = $1 and e.failing_since is not null`,
  `select 'jobs_parked', j.kind, count(*)::int, min(j.created_at), ${newest('j.error', 'j.created_at')}
   from jobs j where j.tenant_id = $1 and j.state = 'parked' group by j.kind`,
];
