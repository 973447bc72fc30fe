import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { startBalancer } from './balancer.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { redis, Supervised, untilListening } from './processes.mjs';
import { pause } from './random.mjs';

const dist = (path) => import(`${process.cwd()}/dist/${path}`);

/**
 * All processes: PostgreSQL, Redis, the simulator, two platforms behind one address, two ingresses behind another,
 * two workers.
 */
export class Machines {
  /**
   * @param setup what a fault needs: `envOf(name)`, additional settings of a process; `postgresEnv`; `postgres`, additional settings of
   * PostgreSQL; `dataDir`, its directory; `telegramHost`, the host name of the simulator; `proxy`, which replaces {@link startBalancer}
   */
  async start({ dir, seed, fsync, reconcile, setup = {} }) {
    Object.assign(this, { dir, fsync, setup, redisPort: await freePort() });
    this.dataDir = setup.dataDir ?? dir;
    // PostgreSQL inherits these variables; this process has already read those that it needs.
    Object.assign(process.env, setup.postgresEnv);
    this.postgresPort = await freePort();
    mkdirSync(join(dir, 'logs'));
    await this.startPostgres();
    const { ensureLogin, migrate } = await dist('libs/database/src/index.js');
    await migrate(this.ownerUrl);
    await ensureLogin(this.ownerUrl, this.applicationUrl);
    this.database = makeDatabase(this.ownerUrl);
    await this.#startProcesses(seed, reconcile);
  }

  /** Runs without fsync by default, which matters only if the machine crashes, not if PostgreSQL is killed. */
  async startPostgres() {
    const { startPostgres } = await dist('apps/standalone/src/postgres.js');
    this.postgres = await startPostgres({
      dataDir: this.dataDir,
      port: this.postgresPort,
      settings: [`fsync=${this.fsync ? 'on' : 'off'}`, 'max_connections=200', ...(this.setup.postgres ?? [])],
      onProgress() {},
    });
    this.ownerUrl = this.postgres.ownerUrl;
    this.applicationUrl = this.postgres.applicationUrl;
  }

  /** Restarts like `pg_ctl restart -m immediate`: every session is cut, and committed data is recovered from the log. */
  async restartPostgres() {
    const pidFile = join(this.dataDir, 'postgres/data/postmaster.pid');
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
    await pause(100);
    await this.postgres.stop();
    await this.startPostgres();
  }

  /** Starts PostgreSQL again, like an operator, if its processes have exited. */
  async recoverPostgres() {
    const isUp = await this.database.query('select 1').then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await this.postgres.stop();
    await this.startPostgres();
  }

  async #startProcesses(seed, reconcile) {
    const two = () => Promise.all([freePort(), freePort()]);
    const ports = {
      simulator: await freePort(),
      platforms: await two(),
      ingresses: await two(),
      balancers: await two(),
    };
    const common = { PATH: process.env.PATH, HOME: process.env.HOME ?? '/', LOG_LEVEL: 'warn' };
    const settings = {
      ...common,
      DATABASE_URL: this.applicationUrl,
      REDIS_URL: `redis://127.0.0.1:${this.redisPort}`,
      TELEGRAM_API_ROOT: `http://${this.setup.telegramHost ?? '127.0.0.1'}:${ports.simulator}`,
      PUBLIC_URL: `http://127.0.0.1:${ports.balancers[0]}`,
      INGRESS_PUBLIC_URL: `http://127.0.0.1:${ports.balancers[1]}`,
      STARWALL_MASTER_KEY: randomBytes(32).toString('base64'),
      STARWALL_DATA_DIR: join(this.dir, 'files'),
      STARWALL_RECONCILE: String(reconcile),
      STARWALL_RATE_LIMIT: '1000000',
      DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
    };
    const place = { logDir: join(this.dir, 'logs'), cwd: process.cwd() };
    const node = (name, main, env) => new Supervised(name, process.execPath, [main], { ...place, env });
    const our = (name, main, env) => node(name, main, { ...env, ...this.setup.envOf?.(name) });
    const redisArgs = ['--port', String(this.redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.redis = new Supervised('redis', 'redis-server', redisArgs, { ...place, cwd: this.dir, env: common });
    const simulatorEnv = { ...common, PORT: String(ports.simulator), SEED: String(seed) };
    this.simulator = node('simulator', 'test/chaos/simulator.process.mjs', simulatorEnv);
    const server = (name, setting) => (port, i) =>
      our(`${name}-${i + 1}`, `dist/apps/${name}/src/main.js`, { ...settings, [setting]: String(port) });
    this.platforms = ports.platforms.map(server('platform', 'PORT'));
    this.ingresses = ports.ingresses.map(server('ingress', 'INGRESS_PORT'));
    this.workers = [1, 2].map((n) => our(`worker-${n}`, 'dist/apps/worker/src/main.js', settings));
    this.simulatorUrl = `http://127.0.0.1:${ports.simulator}`;
    this.apiUrl = settings.PUBLIC_URL;
    this.ingressUrl = settings.INGRESS_PUBLIC_URL;

    this.redis.start();
    this.simulator.start();
    await untilListening(this.redisPort, 'Redis');
    await untilListening(ports.simulator, 'The simulator');
    for (const machine of this.#ours()) machine.start();
    for (const port of ports.platforms) await untilListening(port, 'A platform');
    for (const port of ports.ingresses) await untilListening(port, 'An ingress');
    const [toPlatforms, toIngresses] = ports.balancers;
    const open = this.setup.proxy ?? startBalancer;
    this.closeBalancers = [await open(toPlatforms, ports.platforms), await open(toIngresses, ports.ingresses)];
  }

  #ours() {
    return [...(this.platforms ?? []), ...(this.ingresses ?? []), ...(this.workers ?? [])];
  }

  /** @param but names of processes that may exit by themselves */
  crashes(but = []) {
    return [...this.#ours(), this.simulator]
      .filter(({ name }) => !but.includes(name))
      .reduce((sum, machine) => sum + machine.crashes, 0);
  }

  flushRedis() {
    return redis(this.redisPort, 'FLUSHALL').catch(() => undefined);
  }

  async stop() {
    await Promise.all(this.#ours().map((machine) => machine.stop()));
    await Promise.all([this.simulator?.stop(), this.redis?.stop()]);
    for (const close of this.closeBalancers ?? []) close();
    await this.database?.end();
    await this.postgres?.stop();
  }
}

/** Opens connections as the owner that survive restarts of PostgreSQL. */
function makeDatabase(url) {
  const pool = new pg.Pool({ connectionString: url, max: 4, application_name: 'chaos' });
  pool.on('error', () => undefined);
  return {
    query: async (sql, parameters) => (await pool.query(sql, parameters)).rows,
    /** Runs a statement in a transaction and leaves it open. @returns {Promise<() => Promise<void>>} a function that rolls it back */
    hold: async (sql) => {
      const client = await pool.connect();
      await client.query('begin');
      await client.query(sql);
      return async () => {
        await client.query('rollback');
        client.release();
      };
    },
    end: () => pool.end(),
  };
}

/** Makes a directory accessible, because PostgreSQL may run as another user. */
export const openDirectory = (dir) => chmodSync(dir, 0o755);
