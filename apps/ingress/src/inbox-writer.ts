import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { type IncomingUpdate, InboxStore } from '#libs/journal';
import { Batches } from '#libs/runtime';

const GATHERING = { sideBySide: 2, forMs: 8 } as const;

/**
 * Stores updates. Those that arrive at about the same time are written by one statement. A promise
 * resolves only after its update was committed.
 */
@Injectable()
export class InboxWriter {
  private readonly batches = new Batches<IncomingUpdate>((updates) => this.store(updates), GATHERING);

  constructor(
    private readonly db: Database,
    private readonly inbox: InboxStore,
  ) {}

  add(update: IncomingUpdate): Promise<void> {
    return this.batches.add(update);
  }

  private store(updates: readonly IncomingUpdate[]): Promise<void> {
    return this.db.inPlatform('store updates from Telegram, for any bot', (tx) => this.inbox.store(tx, updates));
  }
}
