import type { Queue } from './jobs.js';

export type Bell = Queue | 'inbox';

/**
 * Wakes whoever works on a queue. A ring may get lost: the rows are the truth, and workers also look by themselves from time to
 * time. Ring after the commit, never before.
 */
export abstract class Doorbell {
  abstract ring(bell: Bell): void;
  /** @returns how to stop listening */
  abstract listen(bell: Bell, wake: () => void): () => void;
}

/** The bell of a process that serves and works at once. */
export class LocalDoorbell extends Doorbell {
  private readonly listeners = new Map<Bell, Set<() => void>>();

  ring(bell: Bell): void {
    for (const wake of this.listeners.get(bell) ?? []) wake();
  }

  listen(bell: Bell, wake: () => void): () => void {
    const listeners = this.listeners.get(bell) ?? new Set();
    this.listeners.set(bell, listeners.add(wake));
    return () => listeners.delete(wake);
  }
}
