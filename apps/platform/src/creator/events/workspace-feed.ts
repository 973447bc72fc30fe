import type { RecordedEvent } from '#libs/journal';
import { newUuid } from '#libs/kernel';
import { LATE_MS, type StreamedEvent } from './event-stream.js';
import { RecentIds } from './recent-ids.js';
import type { StreamConnection } from './stream-connection.js';

const BATCH = 100;
/** Maximum number of missed events per connection. It then ends, and its reader continues with a new one. */
const MISSED_AT_MOST = 10_000;

/** Access to the events of one workspace. */
export interface FeedSource {
  /** Events with later ids, oldest first. @param but ids to leave out */
  after(id: string, but: readonly string[], limit: number): Promise<RecordedEvent[]>;
  /** Returns the ids of events with later ids. */
  idsAfter(id: string): Promise<string[]>;
  show(events: readonly RecordedEvent[]): Promise<StreamedEvent[]>;
}

/** The open streams of one workspace, which share the reading of new events. */
export class WorkspaceFeed {
  readonly connections = new Set<StreamConnection>();
  private readonly recent = new RecentIds(2 * LATE_MS);
  private readAt: number;

  /** @param now milliseconds since 1970, by the clock that is used for ids: earlier events are not new */
  constructor(
    private readonly source: FeedSource,
    now: number,
  ) {
    this.readAt = now;
  }

  /** Ids of new events are later than this. */
  get floor(): string {
    return newUuid(this.readAt - LATE_MS);
  }

  /** The ids after the floor that were sent, or were there before. */
  get known(): readonly string[] {
    return this.recent.list();
  }

  /** Finds out which events are not new. Call it once, before the first {@link refresh}. */
  async begin(): Promise<void> {
    for (const id of await this.source.idsAfter(this.floor)) this.recent.add(id, this.readAt);
  }

  /** Sends new events to all streams. Calls must not overlap. @param now milliseconds since 1970 */
  async refresh(now: number): Promise<void> {
    for (;;) {
      const events = await this.source.after(this.floor, this.known, BATCH);
      const shown = await this.source.show(events);
      for (const event of shown) for (const connection of this.connections) connection.live(event);
      for (const { id } of events) this.recent.add(id, now);
      if (events.length < BATCH) break;
    }
    this.pass(now);
  }

  /** Records that there is nothing new. @param now milliseconds since 1970 */
  pass(now: number): void {
    this.readAt = now;
    this.recent.forget(now);
  }

  /** Sends a reader what it missed since the last event that it got, or a little more: at least once. */
  async catchUp(connection: StreamConnection, lastId: string): Promise<void> {
    let after = newUuid(timeOf(lastId) - LATE_MS);
    for (let sent = 0; connection.open; ) {
      const events = await this.source.after(after, [lastId], BATCH);
      for (const event of await this.source.show(events)) await connection.missed(event);
      after = events.at(-1)?.id ?? after;
      sent += events.length;
      if (events.length < BATCH) return connection.caughtUp();
      if (sent >= MISSED_AT_MOST) return connection.end();
    }
  }
}

/** The milliseconds since 1970 in a UUIDv7. */
const timeOf = (uuid: string) => Number(BigInt(`0x${uuid.replaceAll('-', '')}`) >> 80n);
