import { createSecretKey, type KeyObject } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type Clock, HOUR, MINUTE, SECOND } from '#libs/kernel';
import type { SecretBox } from './secret-box.service.js';
import { type SigningKey, SigningKeyStore } from './signing-key.store.js';

/** Purposes of tokens, each with separate keys, and the longest lifetime of a token. */
export const SIGNING_PURPOSES = {
  /** Creators' access tokens. */
  access: 15 * MINUTE,
  /** Access tokens of the platform's staff. */
  staff: 15 * MINUTE,
  /** Between a staff member's password and their code. */
  staff_challenge: 5 * MINUTE,
  /** Staff members viewing a workspace as its owner sees it. */
  impersonation: 10 * MINUTE,
} as const satisfies Readonly<Record<string, number>>;

export type SigningPurpose = keyof typeof SIGNING_PURPOSES;

/** The longest time for which a process caches keys. */
const KNOWN_FOR = 30 * SECOND;
/** Delay before a new key signs, so that every process knows it by then. */
const ANNOUNCED_FOR = 2 * KNOWN_FOR;
/** Tolerance for clock differences between processes. */
const LEEWAY = MINUTE;
/** Invented key ids cause at most one database query in this time (milliseconds). */
const ASKED_AGAIN_AFTER = SECOND;

interface Known {
  readonly at: number;
  readonly keys: ReadonlyMap<string, OpenKey>;
}

type OpenKey = SigningKey & { readonly secret: KeyObject };

/** The keys that sign JWTs (HS256), of several purposes and generations. A `kid` is only ever looked up in a map. */
export class SigningKeys {
  private readonly log = new Logger(SigningKeys.name);
  private readonly store: SigningKeyStore;
  private known: Known | undefined;
  private reading: Promise<Known> | undefined;

  constructor(
    private readonly db: Database,
    box: SecretBox,
    private readonly clock: Clock,
  ) {
    this.store = new SigningKeyStore(box);
  }

  /**
   * The key to sign with; a purpose's first key is created on demand.
   * @throws Error when the keys need a master key that is not configured
   */
  async signer(purpose: SigningPurpose): Promise<{ readonly kid: string; readonly secret: KeyObject }> {
    const found = this.signing(purpose, await this.fresh(KNOWN_FOR));
    if (found !== undefined) return found;
    await this.db.inPlatform('the first signing key of a purpose', (tx) =>
      this.store.insert(tx, purpose, 1, this.clock.now()),
    );
    const made = this.signing(purpose, await this.read());
    if (made === undefined) throw new Error(`there is no key that signs ${purpose} tokens`);
    return made;
  }

  /** @param kid from a token, so any value @returns undefined when the purpose has no such key, or it is retired */
  async verifier(purpose: SigningPurpose, kid: unknown): Promise<KeyObject | undefined> {
    if (typeof kid !== 'string') return undefined;
    const known = await this.fresh(KNOWN_FOR);
    const key = known.keys.get(kid) ?? (await this.fresh(ASKED_AGAIN_AFTER)).keys.get(kid);
    if (key === undefined || key.purpose !== purpose) return undefined;
    return key.retiresAt === null || key.retiresAt > this.clock.now() ? key.secret : undefined;
  }

  /**
   * Creates a new key. Every process knows it and signs with it within a minute; tokens of older keys stay valid until
   * they expire, and then those keys are retired.
   * @param at `once`: older keys verify nothing from now on, so holders of their tokens must get new ones
   * @returns the keys of the purpose, newest first
   */
  async rotate(tx: PlatformTx, purpose: SigningPurpose, at: 'leisure' | 'once'): Promise<SigningKey[]> {
    const now = this.clock.now();
    const later = (ms: number) => new Date(now.getTime() + ms);
    const signsFrom = at === 'once' ? now : later(ANNOUNCED_FOR);
    const ends = at === 'once' ? now : later(ANNOUNCED_FOR + KNOWN_FOR + SIGNING_PURPOSES[purpose] + LEEWAY);
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('signing keys ' || $1, 0))`, [purpose]);
    await this.store.sweep(tx, now);
    const generation = (await this.store.newest(tx, purpose)) + 1;
    await this.store.insert(tx, purpose, generation, signsFrom);
    await this.store.retire(tx, purpose, generation, ends);
    return this.store.list(tx, purpose);
  }

  private signing(purpose: SigningPurpose, { keys }: Known): OpenKey | undefined {
    const now = this.clock.now();
    const good = [...keys.values()].filter((key) => key.purpose === purpose && !isOver(key, now));
    // Clocks differ: a key that should not sign yet is better than none.
    return good.find((key) => key.signsFrom <= now) ?? good.at(-1);
  }

  /** The cached keys, read again when they are too old. If that fails, they are used for up to an hour. */
  private async fresh(youngerThan: number): Promise<Known> {
    const { known } = this;
    const age = known === undefined ? Number.POSITIVE_INFINITY : Math.abs(this.clock.now().getTime() - known.at);
    if (known !== undefined && age < youngerThan) return known;
    try {
      return await this.read();
    } catch (error) {
      if (known === undefined || age > HOUR) throw error;
      this.log.warn('signing keys could not be reloaded');
      return known;
    }
  }

  private read(): Promise<Known> {
    this.reading ??= this.load().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async load(): Promise<Known> {
    const now = this.clock.now();
    const rows = await this.db.inPlatform('the keys that sign tokens', (tx) => this.store.all(tx, now));
    this.known = {
      at: now.getTime(),
      keys: new Map(rows.map((row) => [row.kid, { ...row, secret: createSecretKey(row.secret) }])),
    };
    return this.known;
  }
}

const isOver = ({ retiresAt }: SigningKey, now: Date) => retiresAt !== null && retiresAt <= now;
