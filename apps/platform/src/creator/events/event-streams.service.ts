import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/database';
import { eventView } from '#libs/delivery';
import { Doorbell, EventStore, type RecordedEvent } from '#libs/journal';
import { type Clock, MINUTE, SECOND, someAtOnce } from '#libs/kernel';
import { Rounds, Stopping } from '#libs/process';
import { CLOCK, type Config, CONFIG, messageOf, Seldom } from '#libs/runtime';
import { BotDirectory } from '#libs/tenants';
import { withLivemode } from '../../http/livemode.js';
import {
  HEARTBEAT_MS,
  LONGEST_STREAM,
  type StreamedEvent,
  STREAMS_PER_PROCESS,
  STREAMS_PER_WORKSPACE,
  TooManyStreams,
} from './event-stream.js';
import { StreamConnection } from './stream-connection.js';
import { WorkspaceFeed } from './workspace-feed.js';

const LOOK_EVERY_MS = SECOND;
/** Minimum milliseconds between two reads, however often the bell rings. */
const PAUSE_MS = 100;
const AT_ONCE = 4;

export interface StreamWish {
  readonly tenantId: string;
  /** The event after which a reader continues. */
  readonly lastId: string | undefined;
  /** False if the stream ends after the missed events. */
  readonly stays: boolean;
  /** Throws when the credential has ended. */
  readonly check: () => Promise<void>;
}

interface OpenFeed {
  readonly feed: WorkspaceFeed;
  readonly ready: Promise<void>;
}

/**
 * Serves the event streams of this process. All of them share one read of new events, which happens when the relay's
 * bell rings, and once a second. See docs/decisions/0096-event-streams.md.
 */
@Injectable()
export class EventStreams implements OnModuleInit, OnApplicationBootstrap {
  private readonly log = new Logger('EventStreams');
  private readonly complaints = new Seldom(MINUTE);
  private readonly feeds = new Map<string, OpenFeed>();
  private readonly checks = new Map<StreamConnection, () => Promise<void>>();
  private readonly counts = new Map<string, number>();
  private looking: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly db: Database,
    private readonly events: EventStore,
    private readonly bots: BotDirectory,
    private readonly bell: Doorbell,
    private readonly rounds: Rounds,
    private readonly stopping: Stopping,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.stopping.signal.addEventListener('abort', () => this.endAll());
  }

  onApplicationBootstrap(): void {
    this.bell.overhear('news', () => this.look());
    this.rounds.every(LOOK_EVERY_MS, 'news for event streams', async () => this.look());
    this.rounds.every(HEARTBEAT_MS, 'heartbeats of event streams', () => this.beat());
  }

  /**
   * Prepares a stream. When it throws, nothing has been sent yet. @returns a function that begins the response
   * @throws TooManyStreams
   */
  async open(wish: StreamWish): Promise<(response: ServerResponse) => void> {
    const { tenantId } = wish;
    const count = this.counts.get(tenantId) ?? 0;
    const total = this.checks.size;
    if (count >= STREAMS_PER_WORKSPACE || total >= STREAMS_PER_PROCESS) throw new TooManyStreams();
    this.counts.set(tenantId, count + 1);
    try {
      const { feed, ready } = this.feedOf(tenantId);
      await ready;
      return (response) => this.begin(feed, new StreamConnection(response), wish);
    } catch (error) {
      this.leave(tenantId);
      throw error;
    }
  }

  private begin(feed: WorkspaceFeed, connection: StreamConnection, { tenantId, lastId, stays, check }: StreamWish) {
    this.checks.set(connection, check);
    feed.connections.add(connection);
    const timer = setTimeout(() => connection.end(), LONGEST_STREAM).unref();
    connection.onEnd(() => {
      clearTimeout(timer);
      this.checks.delete(connection);
      feed.connections.delete(connection);
      this.leave(tenantId);
    });
    if (this.stopping.signal.aborted) return connection.end();
    void this.catchUp(feed, connection, lastId).then(() => stays || connection.end());
  }

  private async catchUp(feed: WorkspaceFeed, connection: StreamConnection, lastId: string | undefined): Promise<void> {
    if (lastId === undefined) return connection.caughtUp();
    try {
      await feed.catchUp(connection, lastId);
    } catch (error) {
      this.complain(error);
      connection.end();
    }
  }

  private feedOf(tenantId: string): OpenFeed {
    const known = this.feeds.get(tenantId);
    if (known !== undefined) return known;
    const source = {
      after: (id: string, but: readonly string[], limit: number) =>
        this.db.inTenant(tenantId, (tx) => this.events.after(tx, id, but, limit)),
      idsAfter: (id: string) => this.db.inTenant(tenantId, (tx) => this.events.idsAfter(tx, id)),
      show: (events: readonly RecordedEvent[]) => this.show(tenantId, events),
    };
    const feed = new WorkspaceFeed(source, Date.now());
    const made = { feed, ready: feed.begin() };
    this.feeds.set(tenantId, made);
    return made;
  }

  /** Removes the feed of a workspace together with its last stream. */
  private leave(tenantId: string): void {
    const count = (this.counts.get(tenantId) ?? 1) - 1;
    if (count > 0) return void this.counts.set(tenantId, count);
    this.counts.delete(tenantId);
    this.feeds.delete(tenantId);
  }

  /** Reads new events now or, if a read is under way, again after it. */
  private look(): void {
    this.again = true;
    this.looking ??= this.lookAround().finally(() => (this.looking = undefined));
  }

  private async lookAround(): Promise<void> {
    while (this.again && this.feeds.size > 0 && !this.stopping.signal.aborted) {
      this.again = false;
      try {
        await this.lookOnce();
        await pause(PAUSE_MS, undefined, { ref: false });
      } catch (error) {
        this.complain(error);
        return;
      }
    }
  }

  private async lookOnce(): Promise<void> {
    const now = Date.now();
    const feeds = await this.readyFeeds();
    const known = feeds.flatMap(([, feed]) => feed.known);
    const floor = feeds.map(([, feed]) => feed.floor).toSorted((a, b) => (a < b ? -1 : 1))[0];
    if (floor === undefined) return;
    const news = await this.db.inPlatform('find workspaces with news for their open streams', (tx) =>
      this.events.tenantsAfter(
        tx,
        feeds.map(([tenantId]) => tenantId),
        floor,
        known,
      ),
    );
    const found = new Set(news);
    await someAtOnce(feeds, AT_ONCE, this.stopping.signal, async ([tenantId, feed]) => {
      if (found.has(tenantId)) await feed.refresh(now);
      else feed.pass(now);
    });
  }

  private async readyFeeds(): Promise<(readonly [string, WorkspaceFeed])[]> {
    const ready = await Promise.allSettled(
      [...this.feeds].map(async ([tenantId, { feed, ready }]) => {
        await ready;
        return [tenantId, feed] as const;
      }),
    );
    return ready.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  /** Sends every reader a heartbeat, and ends streams whose credential has ended. */
  async beat(): Promise<void> {
    await someAtOnce([...this.checks], AT_ONCE, this.stopping.signal, async ([connection, check]) => {
      connection.heartbeat();
      try {
        await check();
      } catch {
        // The reader learns the reason when it connects again.
        connection.end();
      }
    });
  }

  private endAll(): void {
    for (const connection of this.checks.keys()) connection.end();
  }

  private async show(tenantId: string, events: readonly RecordedEvent[]): Promise<StreamedEvent[]> {
    const { livemode } = this.config;
    const testBots = livemode ? await this.bots.testBots(tenantId) : undefined;
    return events.map((event) => withLivemode(eventView(event, livemode), livemode, testBots) as StreamedEvent);
  }

  private complain(error: unknown): void {
    this.complaints.about(this.clock.now(), () => this.log.warn(`Events could not be read: ${messageOf(error)}`));
  }
}
