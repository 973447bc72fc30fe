import { DAY, SECOND } from '#libs/kernel';
import type { MovableClock } from './clock.js';
import type { Faults } from './faults.js';
import type { Random } from './random.js';
import type { Update, UpdateKind, UpdatePayloads } from './telegram-types.js';

/**
 * The queue of each kind, and how long an update is kept (Bot API server, Client.cpp). Within a queue one update is
 * in flight at a time; queues do not wait for each other. In private chats the chat's id is the user's id.
 */
const KINDS: Readonly<Record<UpdateKind, { readonly lane: string; readonly ttl: number }>> = {
  message: { lane: 'chat', ttl: DAY },
  channel_post: { lane: 'chat', ttl: DAY },
  my_chat_member: { lane: 'membership', ttl: DAY },
  callback_query: { lane: 'callback', ttl: 150 * SECOND },
  pre_checkout_query: { lane: 'checkout', ttl: 150 * SECOND },
  inline_query: { lane: 'inline', ttl: 30 * SECOND },
  chosen_inline_result: { lane: 'chosen', ttl: 600 * SECOND },
  chat_member: { lane: 'joins', ttl: DAY },
  chat_join_request: { lane: 'joins', ttl: DAY },
  purchased_paid_media: { lane: 'paid_media', ttl: DAY },
  business_connection: { lane: 'business', ttl: DAY },
  // Newer than the server version that was read. Assumption: the lane.
  subscription: { lane: 'subscription', ttl: DAY },
};

const HOLD_FOR_REORDER = 5;

export interface QueuedUpdate {
  readonly kind: UpdateKind;
  readonly lane: string;
  readonly update: Update;
  readonly expiresAt: number;
  attempts: number;
  notBefore: number;
  /** Seconds that the last retry waited. */
  delay: number;
}

interface Arrival {
  readonly kind: UpdateKind;
  readonly owner: number;
  readonly payload: UpdatePayloads[UpdateKind];
}

/** The updates that Telegram keeps for one bot until the bot has received them, by webhook or getUpdates. */
export class UpdateQueue {
  #items: QueuedUpdate[] = [];
  #held: Arrival | undefined;
  #nextId: number;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly botId: number,
    private readonly clock: MovableClock,
    private readonly faults: Faults,
    random: Random,
  ) {
    this.#nextId = random.between(100_000_000, 900_000_000);
  }

  /** Calls `listener` whenever an update has arrived. @returns a function that stops it */
  onArrival(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish<Kind extends UpdateKind>(kind: Kind, owner: number, payload: UpdatePayloads[Kind]): void {
    const arrival: Arrival = { kind, owner, payload };
    const fault = this.faults.strike('queue', this.botId, kind, this.clock.millis());
    switch (fault?.action) {
      case 'lose':
        return;
      case 'delay':
        this.clock.after((fault.seconds ?? 1) * SECOND, () => this.#insert(arrival, 1));
        return;
      case 'reorder':
        this.#hold(arrival, fault.seconds ?? HOLD_FOR_REORDER);
        return;
      case 'duplicate':
        this.#insert(arrival, 2);
        return;
      case undefined:
        this.#insert(arrival, 1);
    }
  }

  /** The `update_id` of the next update. */
  get nextId(): number {
    return this.#nextId;
  }

  /** Continues from another queue of the same bot. */
  resume(nextId: number, items: readonly QueuedUpdate[]): void {
    this.#nextId = nextId;
    this.#items = [...items];
  }

  /** Updates that are waiting and have not expired, in order of arrival. */
  pending(): readonly QueuedUpdate[] {
    const now = this.clock.millis();
    this.#items = this.#items.filter((item) => item.expiresAt > now);
    return this.#items;
  }

  remove(item: QueuedUpdate): void {
    this.#items = this.#items.filter((other) => other !== item);
  }

  /** getUpdates' `offset`: drops everything before it; a negative one keeps only that many from the end. */
  confirm(offset: number): void {
    if (offset < 0) this.#items = this.#items.slice(offset);
    else this.#items = this.#items.filter((item) => item.update.update_id >= offset);
  }

  clear(): void {
    this.#items = [];
  }

  #hold(arrival: Arrival, seconds: number): void {
    const before = this.#held;
    this.#held = arrival;
    if (before !== undefined) this.#insert(before, 1);
    this.clock.after(seconds * SECOND, () => {
      if (this.#held === arrival) this.#release();
    });
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#insert(held, 1);
  }

  #insert(arrival: Arrival, copies: 1 | 2): void {
    const { lane, ttl } = KINDS[arrival.kind];
    const now = this.clock.millis();
    const update: Update = { update_id: this.#nextId, [arrival.kind]: structuredClone(arrival.payload) };
    this.#nextId += 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#items.push({
        kind: arrival.kind,
        lane: `${lane}:${arrival.owner}`,
        update,
        expiresAt: now + ttl,
        attempts: 0,
        notBefore: now,
        delay: 1,
      });
    }
    if (this.#held !== undefined && this.#held !== arrival) this.#release();
    for (const listener of this.#listeners) listener();
  }
}
