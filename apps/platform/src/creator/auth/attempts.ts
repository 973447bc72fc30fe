import { DomainError, MINUTE, SECOND } from '#libs/kernel';

const WINDOW = MINUTE;
/** Keys that are remembered at most; beyond that the oldest windows are given up. */
const MOST = 20_000;

export class TooManyAttempts extends DomainError {
  readonly code = 'too_many_attempts';
  readonly refusal = 'too_many';
  readonly remedy = 'Wait a minute, then try again.';

  constructor(override readonly retryAfterSeconds: number) {
    super('Too many attempts in a short time.');
  }
}

interface Window {
  readonly since: number;
  count: number;
}

/** Counts attempts per key and minute, in this process only. */
export class Attempts {
  private readonly windows = new Map<string, Window>();

  /** @param limit attempts per minute and key */
  constructor(private readonly limit: number) {}

  /** Counts one more. @throws TooManyAttempts when it is one too many; that one counts, too */
  take(key: string, now: Date): void {
    const window = this.windowOf(key, now.getTime());
    window.count += 1;
    if (window.count > this.limit) {
      throw new TooManyAttempts(Math.ceil((window.since + WINDOW - now.getTime()) / SECOND));
    }
  }

  forget(key: string): void {
    this.windows.delete(key);
  }

  private windowOf(key: string, now: number): Window {
    const known = this.windows.get(key);
    if (known !== undefined && now - known.since < WINDOW) return known;
    const fresh: Window = { since: now, count: 0 };
    this.windows.delete(key);
    this.windows.set(key, fresh);
    for (const [old, { since }] of this.windows) {
      if (this.windows.size <= MOST && now - since < WINDOW) break;
      this.windows.delete(old);
    }
    return fresh;
  }
}
