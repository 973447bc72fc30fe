import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { Turns } from '#libs/kernel';
import { TooBusy } from './account.js';

/** Argon2id (the package's default) with OWASP's first choice: 46 MiB, one pass, one lane. */
const COST: Options = { memoryCost: 46 * 1024, timeCost: 1, parallelism: 1 };
/** Each hash takes 46 MiB and one of libuv's four threads, which file access and DNS need as well. */
const AT_ONCE = 4;
/** Maximum number of waiting hashes: beyond this, the last one would wait longer than clients are willing to. */
const QUEUE = 100;

/** The non-ASCII spaces that RFC 8265 maps to ordinary ones. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

/** A password in normalised form (RFC 8265, OpaqueString): the same for all keyboards and systems. */
const normalPassword = (typed: string) => typed.replace(SPACES, ' ').normalize('NFC');

/** Hashes and checks passwords of at most a few hundred characters, a few at a time. */
@Injectable()
export class Passwords {
  private readonly turns = new Turns(AT_ONCE, QUEUE);
  private readonly decoy = this.hash(randomBytes(16).toString('hex'));

  /** @throws TooBusy when too many are already waiting */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalPassword(password), COST));
  }

  /**
   * Takes as long for an unknown account as for a wrong password. Hashes from before the normalisation match the
   * password as it was typed then.
   * @param stored undefined for an unknown account: then the result is false
   * @throws TooBusy when too many are already waiting
   */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await this.decoy);
    const normal = normalPassword(password);
    const typed = normal === password ? [normal] : [normal, password];
    for (const one of typed) {
      if (await this.inTurn(() => verify(against, one))) return stored !== undefined;
    }
    return false;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work, () => new TooBusy());
  }
}
