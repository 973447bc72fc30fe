import { readyToPay } from './payer.mjs';
import { pause } from './random.mjs';

/**
 * Kills all workers once jobs of these queues are waiting, and backdates the jobs by this interval, so that the run need not wait.
 * @param queues an SQL condition
 * @param interval longer than the alert's limit
 */
async function leaveJobs({ machines }, fault, queues, interval) {
  const waiting = `queue ${queues} and state = 'waiting' and lease is null`;
  const age = `update jobs set due_at = now() - interval '${interval}' where ${waiting} returning 1`;
  while (!fault.over && (await machines.database.query(`select from jobs where ${waiting} limit 1`)).length === 0)
    await pause(100);
  for (const worker of machines.workers) await worker.kill({ hold: true });
  while (!fault.over && (await machines.database.query(age)).length === 0) await pause(100);
}

const backToWork = ({ machines }) => machines.workers.forEach((worker) => worker.release());

/** Faults that trigger an alert because something is late; see ALERT_FAULTS in alert-faults.mjs. */
export const LATE_FAULTS = {
  goods_late: {
    says: { what: 'no worker delivers goods' },
    alerts: ['JobsBehind'],
    async begin(town, fault) {
      const { telegram, shops } = town;
      const pay = await readyToPay(town);
      const { telegramId: botId } = shops[0];
      await telegram.setFaults({ seed: 1, rules: [{ at: 'call', action: 'error500', name: 'sendMessage', botId }] });
      await pay();
      await leaveJobs(town, fault, `in ('delivery', 'refunds', 'fulfilment')`, '2 minutes');
    },
    async end(town) {
      await town.telegram.setFaults({ rules: [] });
      backToWork(town);
    },
  },
  webhooks_late: {
    says: { what: 'no worker sends webhooks' },
    alerts: ['SlowJobsBehind'],
    async begin(town, fault) {
      for (const { receiver } of town.tenants) receiver.misbehaves = true;
      const { creator, products } = town.shops[0];
      await creator.must('PATCH', `/v1/products/${products[0]}`, { stars: 12 });
      await leaveJobs(town, fault, `in ('webhooks', 'slow-webhooks')`, '20 minutes');
    },
    async end(town) {
      for (const { receiver } of town.tenants) receiver.misbehaves = false;
      backToWork(town);
    },
  },
  comparison_endless: {
    says: { what: "a comparison with Telegram's list does not end" },
    alerts: ['BooksDiffer'],
    async begin({ machines, telegram, shops: [{ creator, botId, telegramId }] }, fault) {
      const rule = { at: 'call', action: 'error500', name: 'getStarTransactions', botId: telegramId };
      await telegram.setFaults({ seed: 1, rules: [rule] });
      await creator.must('POST', `/v1/bots/${botId}/reconciliations`, {});
      const age = `update reconciliations set started_at = started_at - interval '3 days' where state = 'running' returning 1`;
      while (!fault.over && (await machines.database.query(age)).length === 0) await pause(100);
    },
    end: ({ telegram }) => telegram.setFaults({ rules: [] }),
  },
  partitions_late: {
    says: { what: 'attempts at webhooks have partitions for a week only' },
    alerts: ['PartitionsMissing'],
    begin: ({ machines }) => machines.database.query(SHRINK),
    // A worker creates the missing partitions when it starts.
    end: ({ machines }) => machines.workers[1].kill(),
  },
};

// Uses attempts, because only workers write them; with events, this would repeatedly deadlock with sales.
const SHRINK = `do $$
declare
  each text;
begin
  lock table webhook_attempts in access exclusive mode;
  for each in select name from partitions() where parent = 'webhook_attempts' and name <> 'webhook_attempts_first' and ends is not null loop
    execute format('drop table starwall_partitions.%I', each);
  end loop;
  alter table webhook_attempts detach partition starwall_partitions.webhook_attempts_first;
  execute format('alter table webhook_attempts attach partition starwall_partitions.webhook_attempts_first for values from (minvalue) to (%L)',
    first_uuid_of(now() + interval '7 days'));
end $$`;
