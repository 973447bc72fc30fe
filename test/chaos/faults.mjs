import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fillUp, makeRoom } from './ballast.mjs';
import { pause } from './random.mjs';
import { rolling } from './rolling.mjs';
import { makeClock, makeNames } from './switches.mjs';
import { takeAll } from './thieves.mjs';

const HOUR_S = 3_600;

/**
 * Faults of the whole installation, each in a separate run: `npm run chaos -- --fault <name>`. `prepare` returns what `Machines.start`
 * needs for it, and `strike` runs during the sales and ends when the fault is over. `sales` replaces the usual number, and `strike` can return
 * figures for the last line.
 */
export const FAULTS = {
  /** Telegram delivers no messages for a while, then nothing works, and then the whole queue arrives at once. */
  telegram_away: {
    async strike({ telegram, telegramRules, shops, seed, machines }) {
      // Payments are made meanwhile, and reported with everything else.
      await telegram.setFaults({ seed, rules: [{ at: 'delivery', action: 'timeout', name: 'message' }] });
      await pause(8_000);
      const away = [
        { at: 'call', action: 'error500' },
        { at: 'delivery', action: 'timeout' },
      ];
      await telegram.setFaults({ seed, rules: away });
      const crowd = await writeToAll(telegram, shops, 40);
      await pause(35_000);
      const [{ now }] = await machines.database.query('select now()');
      await telegram.setFaults(telegramRules);
      return { crowd, verdict: () => tillFirst(machines.database, now) };
    },
  },
  /** PostgreSQL is shut down properly, as for maintenance, and started again after a minute. */
  postgres_stopped: {
    // A process that starts without a database exits, and its supervisor starts it again.
    mayEnd: ['worker-1', 'worker-2'],
    async strike({ machines }) {
      await machines.postgres.stop();
      await pause(60_000);
      await machines.startPostgres();
    },
  },
  /** All connections that the application's login can have are taken by others, and ours are cut. */
  connections: {
    async strike({ machines }) {
      const thieves = [];
      const until = Date.now() + 30_000;
      while (Date.now() < until) {
        await machines.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'starwall' and application_name <> 'thief'`,
        );
        thieves.push(...(await takeAll(machines.applicationUrl)));
      }
      for (const thief of thieves) await thief.end().catch(() => undefined);
      return { connections_taken: thieves.length };
    },
  },
  /**
   * The clock of all processes and PostgreSQL jumps an hour forward. This ends every lease at once, so goods that are being sent at that
   * moment can be sent twice.
   */
  clock_forward: { ...clockJump(HOUR_S), excuses: ['handed_over_twice'] },
  /** The clock of all processes and PostgreSQL jumps an hour back. */
  clock_back: clockJump(-HOUR_S),
  /** The clock of one of two workers is an hour fast, then an hour slow. */
  worker_elsewhere: {
    prepare({ dir }) {
      const clock = makeClock(dir, 'worker', HOUR_S);
      this.clock = clock;
      return { envOf: (name) => (name === 'worker-2' ? clock.env : {}) };
    },
    async strike() {
      await pause(10_000);
      this.clock.set(-HOUR_S);
      await pause(20_000);
    },
  },
  /** No name is resolved while processes start that have no open connection to Telegram. */
  dns: {
    prepare({ dir }) {
      const names = makeNames(dir);
      this.names = names;
      return { telegramHost: 'localhost', envOf: () => names.env };
    },
    async strike({ machines }) {
      this.names.set(true);
      for (const machine of [...machines.workers, ...machines.ingresses]) await machine.kill();
      await pause(25_000);
      this.names.set(false);
    },
  },
  /** The file system of PostgreSQL is full. Needs the privilege to mount a tmpfs. */
  disk_full: {
    prepare({ dir }) {
      const place = join(dir, 'disk');
      mkdirSync(place);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512m,mode=0755', 'tmpfs', place]);
      if (mounted.status !== 0) throw new Error('This machine does not allow to mount a tmpfs (root on Linux can).');
      this.place = place;
      // Keeps few files for reuse, so that the write-ahead log soon needs new ones.
      return { dataDir: place, postgres: ['min_wal_size=32MB', 'max_wal_size=48MB', 'wal_recycle=off'] };
    },
    async strike({ machines }) {
      const until = Date.now() + 25_000;
      while (Date.now() < until) {
        fillUp(this.place);
        await pause(500);
      }
      makeRoom(this.place);
      await machines.recoverPostgres();
    },
    end() {
      if (this.place !== undefined) spawnSync('umount', ['-l', this.place]);
    },
  },
  /** The platforms reach their memory limit during exports, for which the kernel kills a container with SIGKILL. */
  memory: {
    async strike({ tenants, machines }) {
      let cut = 0;
      for (const { creator } of [...tenants, ...tenants]) {
        const begun = Array.from({ length: 6 }, () => creator.begin('/v1/export'));
        const exports = await Promise.all(begun);
        await Promise.all(machines.platforms.map((platform) => platform.kill()));
        for (const rest of exports) cut += (await isWhole(rest)) ? 0 : 1;
        await pause(5_000);
      }
      return { exports_cut: cut };
    },
  },
  rolling,
};

/** Reads an answer to its end. @returns false if it was interrupted */
const isWhole = async (answer) =>
  answer !== undefined &&
  answer.text().then(
    () => true,
    () => false,
  );

function clockJump(seconds) {
  return {
    prepare({ dir }) {
      const clock = makeClock(dir, 'machine');
      this.clock = clock;
      return { envOf: () => clock.env, postgresEnv: clock.env };
    },
    async strike() {
      this.clock.set(seconds);
      await pause(20_000);
    },
  };
}

/** Lets people write to every bot. @returns {Promise<number>} their number */
async function writeToAll(telegram, shops, each) {
  for (const shop of shops) {
    const people = Array.from({ length: each }, async () => {
      const { id } = await telegram.createUser({ first_name: 'Crowd' });
      await telegram.start({ botId: shop.telegramId, userId: id }, 'shop');
    });
    await Promise.all(people);
  }
  return shops.length * each;
}

/** Returns the maximum number of seconds from storing to handling for updates received after this moment: payments, and all others. */
async function tillFirst(database, since) {
  const [row] = await database.query(
    `select count(*)::int as arrived,
       round(max(extract(epoch from handled_at - received_at)) filter (where kind = 'successful_payment'), 1)::float8 as slowest_payment_s,
       round(max(extract(epoch from handled_at - received_at)) filter (where kind <> 'successful_payment'), 1)::float8 as slowest_other_s
     from inbox where received_at >= $1`,
    [since],
  );
  return row;
}
