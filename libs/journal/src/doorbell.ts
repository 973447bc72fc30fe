import type { Database, PlatformTx, TenantTx } from '#libs/database';
import { QUEUES } from './jobs.js';

/** `news`: the relay has taken events that open event streams have to send. */
export const BELLS = [...QUEUES, 'inbox', 'news'] as const;
export type Bell = (typeof BELLS)[number];

/**
 * Milliseconds for which a ring for another process is delayed, so that later ones can join it. No buyer waits for the
 * relay.
 */
export const waitOf = (bell: Bell): number => (bell === 'relay' ? 50 : 0);

/**
 * Rings each bell once after this transaction commits; never after a rollback. Every write that makes work due calls
 * it.
 */
export function ringAfterCommit(tx: TenantTx | PlatformTx, bell: Bell): void {
  tx.announce(bell);
}

/** Connects a database's transactions to the process's bell. Otherwise workers find due work by polling. */
export function ringForCommits(db: Database, doorbell: Doorbell): void {
  db.listen((topics) => {
    for (const bell of BELLS) if (topics.has(bell)) doorbell.ring(bell);
  });
}

/**
 * Wakes the workers of a queue. A ring may be lost: the rows are the source of truth, and workers also poll. Do not
 * ring directly: use {@link ringAfterCommit}.
 */
export abstract class Doorbell {
  abstract ring(bell: Bell): void;
  /** @returns a function that stops listening */
  abstract listen(bell: Bell, wake: () => void): () => void;

  /** Listens without taking rings from others. Some may be missed. */
  overhear(bell: Bell, wake: () => void): () => void {
    return this.listen(bell, wake);
  }
}

/** The bell of a process that both serves requests and runs workers. */
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
