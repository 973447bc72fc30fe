import { fillUp, makeRoom } from './ballast.mjs';
import { readyToPay } from './payer.mjs';
import { pause } from './random.mjs';

/** Kills a process again as soon as it has started, until the fault is over. */
async function keepKilling(machine, fault) {
  while (!fault.over) {
    const { starts } = machine;
    await machine.kill();
    while (!fault.over && machine.starts === starts) await pause(50);
    // Prometheus must scrape it once before it dies again.
    await pause(6_000);
  }
}

/**
 * Sends API requests that read buyers of all workspaces until the fault is over, because one workspace can use only a third of the
 * connections.
 */
async function keepReading({ tenants }, fault) {
  const creators = tenants.flatMap(({ creator }) => Array.from({ length: 20 }, () => creator));
  while (!fault.over) await Promise.all(creators.map((creator) => creator.begin('/v1/buyers')));
}

/** Faults of our own processes and data; see ALERT_FAULTS in alert-faults.mjs. */
export const INSIDE_FAULTS = {
  worker_frozen: {
    says: { what: 'a worker is stopped and does not end' },
    alerts: ['ProcessDown'],
    begin: async ({ machines }) => machines.workers[0].signal('SIGSTOP'),
    end: async ({ machines }) => machines.workers[0].signal('SIGCONT'),
  },
  crash_loop: {
    says: { what: 'a platform dies again and again' },
    alerts: ['ProcessRestarts'],
    begin: ({ machines }, fault) => keepKilling(machines.platforms[1], fault),
  },
  loop_blocked: {
    says: { what: 'a platform computes for most of a second at a time' },
    alerts: ['EventLoopBlocked'],
    async begin({ machines }, fault) {
      while (!fault.over) {
        machines.platforms[0].signal('SIGSTOP');
        await pause(700);
        machines.platforms[0].signal('SIGCONT');
        await pause(300);
      }
    },
  },
  locked: {
    says: { what: 'somebody holds a lock on the table of buyers' },
    alerts: ['ConnectionsScarce'],
    async begin(town, fault) {
      const release = await town.machines.database.hold('lock table buyers in access exclusive mode');
      await keepReading(town, fault);
      await release();
    },
  },
  none_left: {
    says: { what: 'no ingress is known any more' },
    alerts: ['ProcessMissing'],
    begin: async ({ discovery }) => discovery.forget('ingress'),
    end: async ({ discovery }) => discovery.announce('ingress'),
  },
  disk_full: {
    says: { what: "PostgreSQL's disk is full", needs: 'isMounted' },
    alerts: ['DatabaseFull'],
    async begin(town, fault) {
      while (!fault.over) {
        fillUp(town.machines.dataDir);
        await pause(500);
      }
    },
    async end({ machines }) {
      makeRoom(machines.dataDir);
      await machines.recoverPostgres();
    },
  },
  mistake: {
    says: { what: 'the database refuses what we store of a buyer' },
    alerts: ['WorkParked'],
    async begin({ machines, telegram, shops: [shop] }) {
      await machines.database.query(
        `create function mistake() returns trigger language plpgsql as
         $$ begin raise exception 'a mistake' using errcode = 'check_violation'; end $$;
         create trigger mistake before insert on buyers for each row when (new.first_name = 'Unlucky') execute function mistake()`,
      );
      const { id } = await telegram.createUser({ first_name: 'Unlucky' });
      await telegram.start({ botId: shop.telegramId, userId: id }, 'shop');
    },
    end: ({ machines }) => machines.database.query('drop function mistake cascade'),
  },
  goods_stuck: {
    says: { what: 'a buyer has waited two hours for goods' },
    alerts: ['MoneyStuck'],
    async begin(town, fault) {
      const { machines, telegram, shops } = town;
      const { telegramId: botId } = shops[0];
      await telegram.setFaults({ seed: 1, rules: [{ at: 'call', action: 'error500', name: 'sendMessage', botId }] });
      const pay = await readyToPay(town);
      await pay();
      for (let aged = []; aged.length === 0 && !fault.over; await pause(500))
        aged = await machines.database.query(
          `update orders set paid_at = paid_at - interval '2 hours' where state = 'paid' and delivery <> 'delivered'
             and bot_id = (select id from bots where telegram_id = $1) returning id`,
          [botId],
        );
    },
    end: ({ telegram }) => telegram.setFaults({ rules: [] }),
  },
  webhook_elsewhere: {
    says: { what: "someone else has set a bot's webhook" },
    alerts: ['WebhooksElsewhere'],
    async begin({ machines, shops }) {
      const { token, telegramId } = shops[1];
      const body = JSON.stringify({ url: 'https://elsewhere.example/hook' });
      const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
      await fetch(`${machines.simulatorUrl}/bot${token}/setWebhook`, request);
      // Otherwise its next check is due within ten minutes.
      await machines.database.query(
        'update webhook_looks set due_at = now() where bot_id = (select id from bots where telegram_id = $1)',
        [telegramId],
      );
    },
  },
};
