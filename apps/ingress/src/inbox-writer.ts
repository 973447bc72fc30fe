import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type IncomingUpdate, InboxStore } from '#libs/journal';

interface Waiting {
  readonly update: IncomingUpdate;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const STATEMENTS_IN_FLIGHT = 2;
const BATCH = 200;

/**
 * Stores updates. Those that arrive during one round trip to the database are written by one statement. A promise
 * resolves only after its update was committed.
 */
@Injectable()
export class InboxWriter {
  private readonly waiting: Waiting[] = [];
  private inFlight = 0;

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxStore,
  ) {}

  add(update: IncomingUpdate): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ update, resolve, reject });
      this.pump();
    });
  }

  private pump(): void {
    while (this.inFlight < STATEMENTS_IN_FLIGHT && this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH);
      this.inFlight += 1;
      void this.write(batch).finally(() => {
        this.inFlight -= 1;
        this.pump();
      });
    }
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.store(batch.map((entry) => entry.update));
      for (const entry of batch) entry.resolve();
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      // An update that cannot be stored must not prevent the others from being stored.
      for (const entry of batch) await this.write([entry]);
    }
  }

  private store(updates: readonly IncomingUpdate[]): Promise<void> {
    return this.db.inPlatform('store what Telegram sent, for any bot', (tx) => this.inbox.store(tx, updates));
  }
}
