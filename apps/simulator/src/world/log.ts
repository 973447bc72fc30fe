/** A Bot API call and its answer. */
export interface CallEntry {
  readonly type: 'call';
  /** Missing when the token was unknown. */
  readonly botId?: number;
  readonly method: string;
  readonly via: 'http' | 'webhook_reply';
  readonly params: Readonly<Record<string, string>>;
  /** 0 when the caller got no answer. */
  readonly status: number;
  readonly description?: string;
  readonly fault?: string;
  readonly ms: number;
}

/** One attempt to deliver an update to a bot's webhook. */
export interface DeliveryEntry {
  readonly type: 'delivery';
  readonly botId: number;
  readonly updateId: number;
  readonly kind: string;
  readonly attempt: number;
  /** HTTP status of the bot's server; 0 when it did not answer. */
  readonly status: number;
  readonly error?: string;
  readonly fault?: string;
  readonly ms: number;
}

export type LogEntry = CallEntry | DeliveryEntry;
export type LoggedEntry = LogEntry & { readonly seq: number; readonly at: string };

/** The latest calls and deliveries, newest last. Tokens and webhook secrets are never recorded. */
export class Log {
  #entries: LoggedEntry[] = [];
  #seq = 0;

  constructor(private readonly capacity: number) {}

  add(at: Date, entry: LogEntry): void {
    this.#seq += 1;
    this.#entries.push({ ...entry, seq: this.#seq, at: at.toISOString() });
    if (this.#entries.length > this.capacity) this.#entries = this.#entries.slice(-Math.ceil(this.capacity * 0.9));
  }

  read(filter: {
    type?: LogEntry['type'] | undefined;
    botId?: number | undefined;
    after?: number | undefined;
  }): LoggedEntry[] {
    return this.#entries.filter(
      (entry) =>
        (filter.type === undefined || entry.type === filter.type) &&
        (filter.botId === undefined || entry.botId === filter.botId) &&
        entry.seq > (filter.after ?? 0),
    );
  }
}
