import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { Turns } from '#libs/kernel';
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
  private readonly turns = new Turns(AT_ONCE, QUEUE);
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

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work, () => new TooBusy());
  }
}
