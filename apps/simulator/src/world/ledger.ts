import type { StarTransaction } from './telegram-types.js';

/** A bot's Stars: an append-only list whose rows are incoming (`source`) or outgoing (`receiver`). */
export class BotLedger {
  readonly #rows: StarTransaction[] = [];

  add(row: StarTransaction): void {
    this.#rows.push(row);
  }

  /** Oldest first, as the Bot API server requests it on behalf of bots (Client.cpp). */
  page(offset: number, limit: number): readonly StarTransaction[] {
    return this.#rows.slice(offset, offset + limit);
  }

  all(): readonly StarTransaction[] {
    return this.#rows;
  }

  balance(): number {
    return this.#rows.reduce((sum, row) => sum + (row.source === undefined ? -row.amount : row.amount), 0);
  }

  payment(chargeId: string): StarTransaction | undefined {
    return this.#rows.find((row) => row.id === chargeId && row.source !== undefined);
  }

  isRefunded(chargeId: string): boolean {
    return this.#rows.some((row) => row.id === chargeId && row.receiver !== undefined);
  }
}

export interface WalletEntry {
  readonly at: string;
  /** Stars; negative when they left the wallet. */
  readonly change: number;
  readonly cause: 'top_up' | 'payment' | 'refund' | 'gift';
  readonly botId?: number;
  /** The channel that received them. */
  readonly chatId?: number;
  readonly chargeId?: string;
}

/** A buyer's Stars. */
export class Wallet {
  readonly #entries: WalletEntry[] = [];

  add(entry: WalletEntry): void {
    this.#entries.push(entry);
  }

  entries(): readonly WalletEntry[] {
    return this.#entries;
  }

  balance(): number {
    return this.#entries.reduce((sum, entry) => sum + entry.change, 0);
  }
}
