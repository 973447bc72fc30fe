import { statfs } from 'node:fs/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/runtime';
import { ClockWatch } from './clock.watch.js';
import { DatabaseCheck } from './database.check.js';
import { type EventLoopLag, EventLoopWatch } from './event-loop.watch.js';
import { Stopping } from './stopping.service.js';

/** Bytes; more than the largest allowed upload. */
const ROOM = 100 * 1024 * 1024;

/** The response of a healthy process. */
export interface HealthAnswer {
  readonly status: 'ok';
  readonly event_loop_lag_ms: EventLoopLag;
  /** Conditions that an operator has to fix, each with its remedy. */
  readonly warnings: string[];
}

/** The reason why a process accepts no requests: it is stopping, or its database does not write. */
export type Unready = 'stopping' | 'database';

/** The health of a process that serves requests. */
@Injectable()
export class Health implements BeforeApplicationShutdown {
  constructor(
    private readonly database: DatabaseCheck,
    private readonly eventLoop: EventLoopWatch,
    private readonly clocks: ClockWatch,
    private readonly stopping: Stopping,
    @Inject(CONFIG) private readonly config: Pick<Config, 'drainMs' | 'dataDir'>,
  ) {}

  /** Never throws. */
  async answer(): Promise<HealthAnswer> {
    const warnings = [this.clocks.warning, await this.noRoom()].flatMap((warning) => warning ?? []);
    return { status: 'ok', event_loop_lag_ms: this.eventLoop.lag(), warnings };
  }

  /** Never throws. @returns undefined when the process can take requests */
  async unready(): Promise<Unready | undefined> {
    if (this.stopping.signal.aborted) return 'stopping';
    return (await this.database.writes()) ? undefined : 'database';
  }

  /** Keeps listening until load balancers have noticed that the process is not ready. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.begin();
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, this.stopping.since + this.config.drainMs - Date.now())),
    );
  }

  private async noRoom(): Promise<string | undefined> {
    const facts = await statfs(this.config.dataDir).catch(() => undefined);
    if (facts === undefined) return undefined;
    const free = facts.bavail * facts.bsize;
    if (free >= ROOM) return undefined;
    return `The directory for files (STARWALL_DATA_DIR) has ${Math.floor(free / 1024 / 1024)} MB left. Uploads will be refused. Make room there.`;
  }
}
