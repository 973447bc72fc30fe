import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type Clock, SECOND } from '#libs/kernel';
import { sumOfFacts } from '#libs/metrics';
import { readNotes } from '#libs/process';
import { CLOCK, ShortMemory } from '#libs/runtime';
import { delayIn, dueJobs, waitingUpdates } from '../waiting.js';
import { platformParts, type PlatformParts, type Status, worst } from './service-status.js';

/** Milliseconds for which a result is cached, however many requests there are. */
const REMEMBER_MS = 10 * SECOND;
/** Milliseconds after which the database counts as unavailable. */
const PATIENCE_MS = 2 * SECOND;

export interface PlatformStatus {
  readonly status: Status;
  readonly checkedAt: Date;
  readonly parts: PlatformParts;
}

/** Reads the status of the platform and of Telegram. The result is public: it contains no data of any workspace. */
@Injectable()
export class StatusReader {
  private readonly memory: ShortMemory<PlatformStatus>;

  constructor(
    private readonly db: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.memory = new ShortMemory(REMEMBER_MS, 1, () => clock.now());
  }

  /** Never throws, and takes two seconds at most. Reads the database at most once in ten seconds. */
  async read(): Promise<PlatformStatus> {
    return (await this.memory.get('status', () => this.look())) ?? this.look();
  }

  private async look(): Promise<PlatformStatus> {
    const checkedAt = this.clock.now();
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined).unref());
    const parts = platformParts(await Promise.race([this.known().catch(() => undefined), late]));
    return { status: worst(parts), checkedAt, parts };
  }

  private known() {
    return this.db.inPlatform('read how the platform performs', async (tx) => {
      const [notes, updates, due] = await Promise.all([readNotes(tx), waitingUpdates(tx), dueJobs(tx)]);
      const delays = {
        updates: updates.age ?? 0,
        deliveries: delayIn(due, ['delivery', 'refunds', 'fulfilment']),
        webhooks: delayIn(due, ['webhooks']),
      };
      return { facts: sumOfFacts(notes.facts), delays, isIngressAway: notes.isIngressAway };
    });
  }
}
