import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram, untilListening } from './processes.mjs';
import { pause } from './random.mjs';

/** Milliseconds after which a new worker, which has no port, works. */
const WORKER_MS = 3_000;
/** The longest that a process may take to stop: the grace of deploy/compose and of Kubernetes. */
const STOP_MS = 40_000;
/** The longest that a buyer may wait for the answer to a payment (docs/performance.md). */
const PRE_CHECKOUT_MS = 3_000;

/** Replaces every process by a new one, one after another, as a deployment does, behind nginx with kept connections. */
export const rolling = {
  sales: 3_000,
  prepare({ dir }) {
    if (spawnSync('nginx', ['-v']).status !== 0)
      throw new Error('There is no nginx. On Debian: apt-get install nginx-light.');
    return { proxy: (port, targets) => startNginx(dir, port, targets) };
  },
  async strike({ machines, telegram, telegramRules }) {
    // What fails from now on is not the simulator's fault.
    await telegram.setFaults({ rules: [] });
    const deliveries = new Deliveries(telegram);
    await deliveries.begin();
    const stops = [];
    for (const machine of [...machines.workers, ...machines.platforms, ...machines.ingresses]) {
      stops.push(await machine.replace());
      const port = machine.env.INGRESS_PORT ?? machine.env.PORT;
      await (port === undefined ? pause(WORKER_MS) : untilListening(port, machine.name));
      await deliveries.read();
    }
    await telegram.setFaults(telegramRules);
    const figures = { replaced: stops.length, slowest_stop_ms: Math.max(...stops), ...deliveries.figures };
    const { failed_webhooks: failed, slowest_pre_checkout_ms: slowest } = figures;
    if (failed > 0 || slowest > PRE_CHECKOUT_MS || figures.slowest_stop_ms > STOP_MS)
      throw new Error(`The processes were not replaced without a trace: ${JSON.stringify(figures)}`);
    return figures;
  },
};

/** Reads the simulator's log of deliveries bit by bit, since it keeps only the latest ones. */
class Deliveries {
  figures = { webhooks: 0, failed_webhooks: 0, slowest_pre_checkout_ms: 0 };
  #seq = 0;

  constructor(telegram) {
    this.telegram = telegram;
  }

  /** Skips what was delivered before, and what has begun. */
  async begin() {
    await pause(1_000);
    this.#seq = (await this.telegram.log()).at(-1)?.seq ?? 0;
  }

  async read() {
    const entries = await this.telegram.log({ after: this.#seq });
    this.#seq = entries.at(-1)?.seq ?? this.#seq;
    for (const { type, kind, error, fault, ms } of entries) {
      if (type !== 'delivery' || fault !== undefined) continue;
      this.figures.webhooks += 1;
      if (error !== undefined) this.figures.failed_webhooks += 1;
      if (kind === 'pre_checkout_query' && ms > this.figures.slowest_pre_checkout_ms)
        this.figures.slowest_pre_checkout_ms = ms;
    }
  }
}

/** Opens one address for several processes. @returns a function that closes it */
async function startNginx(dir, port, targets) {
  const place = join(dir, `nginx-${port}`);
  mkdirSync(place);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${place}/${name};`,
  );
  const config = `
    daemon off; pid ${place}/pid; error_log ${place}/error.log;
    events { worker_connections 1024; }
    http {
      access_log off; ${temporary.join(' ')}
      upstream starwall { ${targets.map((target) => `server 127.0.0.1:${target};`).join(' ')} keepalive 16; }
      server {
        listen 127.0.0.1:${port};
        client_max_body_size 51m;
        location / {
          proxy_pass http://starwall;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_set_header X-Forwarded-For $remote_addr;
        }
      }
    }`;
  writeFileSync(join(place, 'nginx.conf'), config);
  const nginx = startProgram('nginx', ['-c', join(place, 'nginx.conf'), '-p', place, '-e', join(place, 'error.log')], {
    env: process.env,
  });
  await untilListening(port, 'nginx');
  return nginx.stop;
}
