import { BullModule, InjectQueue } from '@nestjs/bull';
import { type DynamicModule, Injectable, Logger } from '@nestjs/common';
import type { Queue, QueueOptions } from 'bull';
import { type Bell, Doorbell, LocalDoorbell, waitOf } from '#libs/journal';
import { MINUTE, SECOND } from '#libs/kernel';
import { redact } from '#libs/runtime';

const BELLS = 'bells';
/** Milliseconds after which a ring that has not reached Redis is logged. */
const SLOW_MS = SECOND;
/** Minimum milliseconds between two warnings, however many rings fail. */
const COMPLAIN_EVERY_MS = MINUTE;
/** Longest time that a shutdown waits for Redis. */
const CLOSE_MS = 2 * SECOND;
/** Milliseconds after a ring during which further rings of the same bell are gathered. */
const GATHER_MS = 10;
/** A worker that died while it was being woken blocks its bell for this long; polling continues meanwhile. */
const LOCK_MS = 5 * SECOND;

/** Bells that {@link BullDoorbell} does not carry. */
const OVERHEARD: ReadonlySet<Bell> = new Set(['news']);

type RedisOptions = Exclude<QueueOptions['redis'], string | undefined>;

/** @param url `redis://` or `rediss://` with a host and, if needed, user, password, port and database number */
export function redisOptions(url: string): RedisOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    db: Number(pathname.slice(1) || 0),
    connectTimeout: 2 * SECOND,
    retryStrategy: (times) => Math.min(times * 200, 2 * SECOND),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** The Bull queue that all processes share. */
export function bellQueue(redisUrl: string): DynamicModule {
  return BullModule.registerQueue({
    name: BELLS,
    prefix: '{starwall}',
    redis: redisOptions(redisUrl),
    settings: { lockDuration: LOCK_MS, stalledInterval: LOCK_MS, maxStalledCount: Number.MAX_SAFE_INTEGER },
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
}

/**
 * The bell between processes. A ring is a Bull job that carries only the bell's name, and it wakes one listening
 * process. A ring for a listener in this process stays local. Ringing does not block and never fails: when Redis is
 * slow, down or empty, workers find the rows by polling every second.
 */
@Injectable()
export class BullDoorbell extends Doorbell {
  private readonly log = new Logger('Doorbell');
  private readonly here = new LocalDoorbell();
  /** Bells that are being sent, each with a flag for another ring meanwhile: at most one ring per bell is in flight. */
  private readonly onTheWay = new Map<Bell, { again: boolean }>();
  private listening = false;
  private complainedAt = 0;

  constructor(@InjectQueue(BELLS) private readonly queue: Queue) {
    super();
    queue.on('error', (error) => this.complain(error));
    queue.client.on('ready', () => void this.lookAtPolicy());
    // Bull waits for Redis when it is closed, possibly forever.
    Object.assign(queue, { onApplicationShutdown: () => this.close() });
  }

  ring(bell: Bell): void {
    if (this.here.isHeard(bell)) return this.here.ring(bell);
    if (OVERHEARD.has(bell)) return;
    const before = this.onTheWay.get(bell);
    if (before === undefined) void this.send(bell);
    else before.again = true;
  }

  listen(bell: Bell, wake: () => void): () => void {
    this.startListening();
    return this.here.listen(bell, wake);
  }

  /** Listens to this process only: a ring in Redis wakes a single listener, and would be lost to the workers. */
  override overhear(bell: Bell, wake: () => void): () => void {
    return this.here.listen(bell, wake);
  }

  // The bell's name is the job's id, so no ring is added while another one is waiting or being handled. Listeners are
  // woken once that job has been removed: from then on, a ring is a new job.
  private async send(bell: Bell): Promise<void> {
    const state = { again: false };
    this.onTheWay.set(bell, state);
    if (waitOf(bell) > 0) await pause(waitOf(bell));
    state.again = false;
    const slow = setTimeout(() => this.complain(new Error('Redis does not answer')), SLOW_MS).unref();
    try {
      await this.queue.add(bell, {}, { jobId: bell });
    } catch (error) {
      this.complain(error);
    }
    clearTimeout(slow);
    await pause(GATHER_MS);
    this.onTheWay.delete(bell);
    if (state.again) void this.send(bell);
  }

  private startListening(): void {
    if (this.listening) return;
    this.listening = true;
    this.queue.on('completed', (job) => this.here.ring(job.name as Bell));
    this.queue.process('*', 1, async () => undefined).catch((error: unknown) => this.complain(error));
  }

  /** Warns about an eviction policy in Redis: no sale is lost, but lost rings delay work by up to a second. */
  private async lookAtPolicy(): Promise<void> {
    try {
      const policy = /maxmemory_policy:(\S+)/.exec(await this.queue.client.info('memory'))?.[1];
      if (policy === undefined || policy === 'noeviction') return;
      this.log.warn(
        `Redis may evict bells when its memory is full (maxmemory-policy is ${policy}). Nothing is lost, but work begins up to ` +
          'a second later. Set maxmemory-policy to noeviction, or use a separate Redis for Starwall.',
      );
    } catch (error) {
      this.complain(error);
    }
  }

  private complain(error: unknown): void {
    if (Date.now() - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = Date.now();
    const reason = redact(error instanceof Error ? error.message || error.name : String(error));
    this.log.warn(`Bells do not reach Redis (${reason}). Nothing is lost: workers poll every second.`);
  }

  private async close(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
    await Promise.race([this.queue.close().catch(() => undefined), late]);
    const { clients } = this.queue as unknown as { readonly clients: readonly { disconnect(): void }[] };
    for (const client of clients) client.disconnect();
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
