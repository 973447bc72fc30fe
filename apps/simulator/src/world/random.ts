const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A seed for values that no other run has. */
export const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

/** Random values that repeat for the same seed (mulberry32). Good for replaying a run; never use it for secrets. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** At least 0 and below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, inclusive. */
  between(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  /** Random characters of the URL-safe base64 alphabet. */
  text(length: number): string {
    return Array.from({ length }, () => URL_SAFE.charAt(this.between(0, 63))).join('');
  }

  /** Decimal digits that fit into a positive int64, like Telegram's query ids. */
  digits(length: number): string {
    return String(this.between(1, 8)) + Array.from({ length: length - 1 }, () => this.between(0, 9)).join('');
  }
}
