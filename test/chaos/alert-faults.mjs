import { INSIDE_FAULTS } from './alert-faults-inside.mjs';
import { LATE_FAULTS } from './alert-faults-late.mjs';
import { fallocateBallast } from './ballast.mjs';
import { readyToPay } from './payer.mjs';
import { pause } from './random.mjs';
import { takeAll } from './thieves.mjs';

/** Sets rules of the simulator for the duration of a fault. */
const atTelegram = (what, alerts, ...rules) => ({
  says: { what },
  alerts,
  begin: ({ telegram }) => telegram.setFaults({ seed: 1, rules }),
  end: ({ telegram }) => telegram.setFaults({ rules: [] }),
});

/** Lets people write to the bots until the fault is over. */
async function keepWriting({ telegram, shops }, fault) {
  while (!fault.over) {
    for (const { telegramId } of shops) {
      const { id } = await telegram.createUser({ first_name: 'Crowd' });
      await telegram.start({ botId: telegramId, userId: id }, 'shop');
    }
    await pause(300);
  }
}

/** Sends API requests that need the database until the fault is over. */
async function keepAsking({ machines }, fault) {
  while (!fault.over) {
    const body = JSON.stringify({ email: 'nobody@starwall.example', password: 'not the password' });
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    await fetch(`${machines.apiUrl}/v1/auth/login`, { ...request, signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    await pause(300);
  }
}

async function keepPaying(pay, fault) {
  while (!fault.over) {
    await pay();
    await pause(1_000);
  }
}

/**
 * Faults by name, each with the alerts that it must trigger within a minute. `begin` returns when the fault is over, or at once if it lasts
 * until `end`.
 */
export const ALERT_FAULTS = {
  telegram_slow: atTelegram('Telegram takes three seconds', ['TelegramSlow', 'CheckoutSlow'], {
    at: 'call',
    action: 'delay',
    seconds: 3,
  }),
  telegram_away: atTelegram('Telegram answers 500', ['TelegramAway'], {
    at: 'call',
    action: 'error500',
  }),
  answers_lost: atTelegram('Telegram takes no answer to a payment', ['CheckoutUnanswered'], {
    at: 'call',
    action: 'error500',
    name: 'answerPreCheckoutQuery',
  }),
  telegram_limits: atTelegram('Telegram answers 429', ['TelegramLimits'], {
    at: 'call',
    action: 'error429',
    name: 'sendInvoice',
    seconds: 1,
  }),
  token: {
    says: { what: 'a creator revokes a token' },
    alerts: ['TokensRefused'],
    async begin(town, fault) {
      // The other faults sell in the first shops, so this one uses the last.
      await town.telegram.revokeToken(town.shops.at(-1).telegramId);
      await keepWriting(town, fault);
    },
  },
  endpoint: {
    says: { what: "creators' servers are gone" },
    alerts: ['EndpointsFail'],
    async begin({ tenants }) {
      for (const { creator } of tenants) await creator.must('POST', '/v1/endpoints', { url: 'http://127.0.0.1:9/' });
      for (const { receiver } of tenants) receiver.misbehaves = true;
    },
  },
  strangers: {
    says: { what: 'strangers guess the secret' },
    alerts: ['UpdatesRefused'],
    async begin({ machines }, fault) {
      const url = `${machines.ingressUrl}/telegram/not-a-path`;
      while (!fault.over) {
        await fetch(url, { method: 'POST', body: '{}' }).catch(() => undefined);
        await pause(100);
      }
    },
  },
  clock: {
    says: { what: "a worker's clock is a minute off" },
    alerts: ['ClockOff'],
    async begin({ machines, clock }) {
      clock.set(60);
      // Clocks are compared at the start of a process and once a minute.
      await machines.workers[1].kill();
    },
    async end({ machines, clock }) {
      clock.set(0);
      await machines.workers[1].kill();
    },
  },
  files: {
    says: { what: 'the directory for files is almost full', needs: 'isMounted' },
    alerts: ['FilesAlmostFull'],
    begin: async ({ files }) => fallocateBallast(files, 300),
    end: async ({ files }) => fallocateBallast(files, 0),
  },
  connections: {
    says: { what: 'every connection is taken' },
    alerts: ['DatabaseBusy'],
    async begin(town, fault) {
      const { machines } = town;
      const thieves = [];
      const asking = keepAsking(town, fault);
      while (!fault.over) {
        await machines.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'starwall' and application_name <> 'thief'`,
        );
        thieves.push(...(await takeAll(machines.applicationUrl)));
        await pause(200);
      }
      for (const thief of thieves) await thief.end().catch(() => undefined);
      await asking;
    },
  },
  ...INSIDE_FAULTS,
  ...LATE_FAULTS,
  worker_dead: {
    says: { what: 'no worker runs' },
    alerts: ['ProcessDown', 'InboxBehind', 'OutboxBehind'],
    async begin(town, fault) {
      for (const worker of town.machines.workers) await worker.kill({ hold: true });
      // The event of this change waits for the relay.
      const { creator, products } = town.shops[0];
      await creator.must('PATCH', `/v1/products/${products[0]}`, { stars: 11 });
      await keepWriting(town, fault);
    },
    end: async ({ machines }) => machines.workers.forEach((worker) => worker.release()),
  },
  database: {
    says: { what: 'PostgreSQL is stopped' },
    alerts: [
      'DatabaseAway',
      'NotReady',
      'FleetUnknown',
      'ApiFails',
      'UpdatesNotStored',
      'RoundsFail',
      'CheckoutUnavailable',
    ],
    async begin(town, fault) {
      const pay = await readyToPay(town);
      await town.machines.postgres.stop();
      await Promise.all([keepWriting(town, fault), keepAsking(town, fault), keepPaying(pay, fault)]);
    },
    end: ({ machines }) => machines.startPostgres(),
  },
};
