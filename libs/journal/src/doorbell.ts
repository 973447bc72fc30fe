import type { Database, PlatformTx, TenantTx } from '#libs/database';
import { QUEUES } from './jobs.js';

export const BELLS = [...QUEUES, 'inbox'] as const;
export type Bell = (typeof BELLS)[number];

/** Rings once this transaction is committed, once for each bell; never when it rolls back. Whatever makes work due calls it. */
export function ringAfterCommit(tx: TenantTx | PlatformTx, bell: Bell): void {
  tx.announce(bell);
}

/** Connects the transactions of a database with the bell of a process. Without it workers find by themselves what is due. */
export function ringForCommits(db: Database, doorbell: Doorbell): void {
  db.listen((topics) => {
    for (const bell of BELLS) if (topics.has(bell)) doorbell.ring(bell);
  });
}

/**
 * Wakes whoever works on a queue. A ring may get lost: the rows are the truth, and workers also look by themselves from time to
 * time. Nobody rings by hand: see {@link ringAfterCommit}.
 */
export abstract class Doorbell {
  abstract ring(bell: Bell): void;
  /** @returns how to stop listening */
  abstract listen(bell: Bell, wake: () => void): () => void;
}

/** The bell of a process that serves and works at once. */
export class LocalDoorbell extends Doorbell {
  private readonly listeners = new Map<Bell, Set<() => void>>();

  isHeard(bell: Bell): boolean {
    return (this.listeners.get(bell)?.size ?? 0) > 0;
  }

  ring(bell: Bell): void {
    for (const wake of this.listeners.get(bell) ?? []) wake();
  }

  listen(bell: Bell, wake: () => void): () => void {
    const listeners = this.listeners.get(bell) ?? new Set();
    this.listeners.set(bell, listeners.add(wake));
    return () => listeners.delete(wake);
  }
}
