import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { TooBusy } from './account.js';

/** Argon2id (the package's default) with OWASP's first choice: 46 MiB, one pass, one lane. */
const COST: Options = { memoryCost: 46 * 1024, timeCost: 1, parallelism: 1 };
/** Each hash takes 46 MiB and a thread of libuv's four, which file access and DNS need as well. */
const AT_ONCE = 4;
/** Beyond this the last in line would wait longer than a client does. */
const QUEUE = 100;

/** Hashes and checks passwords, a few at a time. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: Array<() => void> = [];
  private readonly decoy = this.hash(randomBytes(16).toString('hex'));

  /** @throws TooBusy when too many wait already */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Takes as long for an account that does not exist as for a wrong password.
   * @param stored undefined when there is no such account: then the answer is false
   * @throws TooBusy when too many wait already
   */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoy);
    const matches = await this.inTurn(() => verify(against, password));
    return matches && stored !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= QUEUE) throw new TooBusy();
      // Whoever finishes hands its place on, so `running` does not change here.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
