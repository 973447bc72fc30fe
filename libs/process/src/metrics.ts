import { statfs } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Logger } from 'nestjs-pino';
import { collectDefaultMetrics } from 'prom-client';
import { clockAhead, filesFree, type MetricSource, processRegistry, ready, serveSources } from '#libs/metrics';
import { CONFIG, type Config, messageOf } from '#libs/runtime';
import { ClockWatch } from './clock.watch.js';
import { DatabaseCheck } from './database.check.js';
import { Stopping } from './stopping.service.js';

/** Ports for metrics, relative to METRICS_PORT. */
const OFFSETS = { platform: 0, ingress: 1, worker: 2 } as const;

/**
 * Serves the metrics of this process on a separate port. A process whose port is taken continues without metrics: sales
 * matter more.
 * @param others additional metrics, such as those of the whole installation
 */
export async function serveMetrics(
  app: INestApplicationContext,
  name: keyof typeof OFFSETS,
  others: readonly MetricSource[] = [],
): Promise<void> {
  const { metricsHost: host, metricsPort, dataDir } = app.get<Config>(CONFIG);
  const port = metricsPort === 0 ? 0 : metricsPort + OFFSETS[name];
  const log = app.get(Logger);
  // A test may start several processes in one.
  if (processRegistry.getSingleMetric('process_start_time_seconds') === undefined)
    collectDefaultMetrics({ register: processRegistry });
  const own = { registry: processRegistry, refresh: () => refresh(app, dataDir) };
  try {
    log.log(`Metrics are at ${await serveSources([own, ...others], host, port)}.`, 'Starwall');
  } catch (error) {
    log.warn(
      `This process serves no metrics: ${messageOf(error)}. Set METRICS_PORT to another port, and METRICS_HOST to an address of this machine.`,
      'Starwall',
    );
  }
}

async function refresh(app: INestApplicationContext, dataDir: string): Promise<void> {
  clockAhead.set(app.get(ClockWatch, { strict: false }).aheadMs / 1_000);
  const { aborted: stops } = app.get(Stopping, { strict: false }).signal;
  ready.set(!stops && (await app.get(DatabaseCheck, { strict: false }).writes()) ? 1 : 0);
  const facts = await statfs(dataDir).catch(() => undefined);
  if (facts !== undefined) filesFree.set(facts.bavail * facts.bsize);
}
