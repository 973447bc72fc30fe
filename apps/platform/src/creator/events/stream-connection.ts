import type { ServerResponse } from 'node:http';
import { SECOND } from '#libs/kernel';
import { frameOf, GREETING, HEARTBEAT, type StreamedEvent, UNREAD_AT_MOST } from './event-stream.js';

/** Milliseconds within which a reader must take unread data. */
const PATIENCE_MS = 10 * SECOND;
/** Maximum number of live events that wait for missed ones. */
const HELD_AT_MOST = 1_000;

/** One reader. A reader that is too slow is dropped: it connects again and continues after the last event it got. */
export class StreamConnection {
  private readonly endings: (() => void)[] = [];
  private isOpen = true;
  /** Live events, while missed ones are sent; undefined afterwards. */
  private held: Map<string, StreamedEvent> | undefined = new Map();

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.close());
    this.write(GREETING);
  }

  get open(): boolean {
    return this.isOpen;
  }

  /** Calls back once, when either side has ended the connection. */
  onEnd(ended: () => void): void {
    this.endings.push(ended);
  }

  /** Sends an event that has just happened, after all missed ones. */
  live(event: StreamedEvent): void {
    if (this.held === undefined) return this.write(frameOf(event));
    this.held.set(event.id, event);
    if (this.held.size > HELD_AT_MOST) this.drop();
  }

  /** Sends an event that the reader has missed, and waits while too much is unread. */
  async missed(event: StreamedEvent): Promise<void> {
    this.held?.delete(event.id);
    if (this.isOpen && !this.response.write(frameOf(event))) await this.drained();
  }

  /** Ends the phase of missed events: live ones now follow at once. */
  caughtUp(): void {
    const held = this.held?.values() ?? [];
    this.held = undefined;
    for (const event of held) this.write(frameOf(event));
  }

  heartbeat(): void {
    this.write(HEARTBEAT);
  }

  /** Ends the response. Idempotent. */
  end(): void {
    if (this.isOpen) this.response.end();
    this.close();
  }

  private write(text: string): void {
    if (!this.isOpen) return;
    this.response.write(text);
    if (this.response.writableLength > UNREAD_AT_MOST) this.drop();
  }

  private async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => this.drop(), PATIENCE_MS).unref();
      const go = () => {
        clearTimeout(late);
        this.response.off('drain', go);
        resolve();
      };
      this.response.on('drain', go);
      this.onEnd(go);
    });
  }

  private drop(): void {
    this.response.destroy();
    this.close();
  }

  private close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const ended of this.endings) ended();
  }
}
