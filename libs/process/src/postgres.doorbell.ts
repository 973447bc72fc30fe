import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { type Bell, BELLS, Doorbell, LocalDoorbell, waitOf } from '#libs/journal';
import { MINUTE, SECOND } from '#libs/kernel';
import { CONFIG, type Config, redact, Seldom } from '#libs/runtime';

const CHANNEL = 'starwall_bells';
/** Milliseconds between two attempts to connect. */
const RECONNECT_MS = SECOND;
/**
 * Timeout in milliseconds for PostgreSQL's responses, and for a listener's first notification to itself, which a pooler
 * may swallow.
 */
const PATIENCE_MS = 5 * SECOND;

/**
 * The bell between processes without Redis: `LISTEN` and `NOTIFY` on one connection per process, outside any
 * transaction that does work. A ring for a listener in this process stays local; any other wakes every listening
 * process. At most one `NOTIFY` is in flight; rings in the meantime are sent together by the next one. Ringing does not
 * block and never fails: workers poll every second.
 */
@Injectable()
export class PostgresDoorbell extends Doorbell implements OnApplicationShutdown {
  private readonly log = new Logger('Doorbell');
  private readonly here = new LocalDoorbell();
  private readonly complaints = new Seldom(MINUTE);
  private readonly waiting = new Set<Bell>();
  private readonly url: string;
  private client: Promise<pg.Client | undefined> | undefined;
  private isSending = false;
  private listening = false;
  private closed = false;

  constructor(@Inject(CONFIG) config: Pick<Config, 'databaseUrl' | 'bellUrl'>) {
    super();
    this.url = config.bellUrl ?? config.databaseUrl;
  }

  ring(bell: Bell): void {
    if (this.here.isHeard(bell)) return this.here.ring(bell);
    this.waiting.add(bell);
    if (waitOf(bell) === 0) void this.send();
    else setTimeout(() => void this.send(), waitOf(bell)).unref();
  }

  listen(bell: Bell, wake: () => void): () => void {
    this.listening = true;
    void this.connection();
    return this.here.listen(bell, wake);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    const client = await this.client;
    await client?.end().catch(() => undefined);
  }

  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.size > 0 && !this.closed) {
      const client = await this.connection();
      const bells = [...this.waiting];
      this.waiting.clear();
      await client?.query({ name: 'ring', text: RING, values: [bells.join()] }).catch((error) => this.complain(error));
    }
    this.isSending = false;
  }

  /** @returns undefined while there is no connection: rings are lost, and workers poll */
  private connection(): Promise<pg.Client | undefined> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<pg.Client | undefined> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'starwall-bell',
      keepAlive: true,
      connectionTimeoutMillis: 2 * SECOND,
      query_timeout: PATIENCE_MS,
    });
    // Only the first: later errors concern the same connection.
    client.once('error', (error) => this.lost(client, error));
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => this.hear(payload));
    try {
      await client.connect();
      // Losing a ring in a crash of PostgreSQL does no harm, so do not wait for its disk.
      await client.query('set synchronous_commit = off');
      if (this.listening) await this.listenOn(client);
      return client;
    } catch (error) {
      client.emit('error', error);
      return undefined;
    }
  }

  private async listenOn(client: pg.Client): Promise<void> {
    await client.query(`listen ${CHANNEL}`);
    const echo = randomUUID();
    const late = setTimeout(() => {
      if (!this.closed) this.log.warn(DEAF);
    }, PATIENCE_MS).unref();
    client.once('error', () => clearTimeout(late));
    client.on('notification', ({ payload }) => {
      if (payload === echo) clearTimeout(late);
    });
    await client.query(RING, [echo]);
    // Rings before this went unheard.
    for (const bell of BELLS) this.here.ring(bell);
  }

  private hear(payload: string): void {
    const rung = payload.split(',');
    for (const bell of BELLS) if (rung.includes(bell)) this.here.ring(bell);
  }

  private lost(client: pg.Client, error: unknown): void {
    this.complain(error);
    client.end().catch(() => undefined);
    setTimeout(() => {
      this.client = undefined;
      if (this.listening && !this.closed) void this.connection();
    }, RECONNECT_MS).unref();
  }

  private complain(error: unknown): void {
    if (this.closed) return;
    const reason = redact(error instanceof Error ? error.message || error.name : String(error));
    this.complaints.about(new Date(), () =>
      this.log.warn(`Bells do not reach PostgreSQL (${reason}). Nothing is lost: workers poll every second.`),
    );
  }
}

const RING = `select pg_notify('${CHANNEL}', $1)`;

const DEAF =
  'Rings of other processes do not arrive, so work starts up to a second late. LISTEN does not work ' +
  'through a pooler in transaction mode: set DATABASE_BELL_URL to PostgreSQL itself, or set REDIS_URL.';
