import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type AuditContext, AuditStore, NOWHERE } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { SecretBox, type SecretPlace } from '#libs/vault';
import { WrongPassword } from './account.js';
import { AccountRow } from './account.entity.js';
import { Passwords } from './passwords.service.js';
import {
  orRefuse,
  SecondFactorActive,
  type SecondFactorFacts,
  SecondFactorNotBegun,
  type SecondFactorProof,
  SecondFactorRequired,
  WrongSecondFactor,
} from './second-factor.js';
import { SessionDirectory } from './session-directory.service.js';
import { SessionStore } from './session.store.js';
import { newRecoveryCodes, newTotpSeed, recoveryHash, totpAddress, totpStep } from './totp.js';
import { afterWrongCode, requireUnlocked, type WrongCodes } from './wrong-codes.js';

interface Factor extends WrongCodes {
  readonly sealed: Buffer;
  readonly confirmedAt: Date | null;
  readonly step: number | null;
}

const place = (accountId: string): SecretPlace => ({ column: 'second_factors.totp', rowId: accountId });

/**
 * The second factor of a creator's account, optional and managed by its owner. Opening a session takes a share lock on
 * its account; turning the factor on or off locks the account against that first, so that no login in progress bypasses
 * it. See docs/decisions/0022-second-factor.md.
 */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly passwords: Passwords,
    private readonly sessions: SessionStore,
    private readonly directory: SessionDirectory,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns undefined while the account has no confirmed factor */
  async of(accountId: string): Promise<SecondFactorFacts | undefined> {
    const [facts] = await this.db.inPlatform('show people their own second factor', (tx) =>
      tx.query<SecondFactorFacts>(
        `select confirmed_at as "confirmedAt", cardinality(recovery_hashes) as "recoveryCodesLeft" from second_factors
         where account_id = $1 and confirmed_at is not null`,
        [accountId],
      ),
    );
    return facts;
  }

  /**
   * Creates a new seed, which has no effect until it is confirmed, and replaces an unconfirmed one.
   * @returns the seed as base32 and as an otpauth address, shown only here
   * @throws WrongPassword, SecondFactorActive
   */
  async begin(accountId: string, password: string): Promise<{ readonly seed: string; readonly address: string }> {
    const account = await this.known(accountId, password);
    const seed = newTotpSeed();
    await this.db.inPlatform('offer a second factor', async (tx) => {
      await this.lock(tx, accountId, account.passwordHash);
      const sealed = await this.box.seal(tx, seed, place(accountId));
      const begun = await tx.query(
        `insert into second_factors (account_id, totp_sealed, begun_at) values ($1, $2, $3)
         on conflict (account_id) do update set totp_sealed = excluded.totp_sealed, begun_at = excluded.begun_at
         where second_factors.confirmed_at is null returning 1`,
        [accountId, sealed, this.clock.now()],
      );
      if (begun.length === 0) throw new SecondFactorActive();
    });
    return { seed, address: totpAddress(seed, account.email) };
  }

  /**
   * Turns the factor on and ends every other session of the account. Of several concurrent calls one succeeds.
   * @returns ten recovery codes, shown only here
   * @throws SecondFactorNotBegun, SecondFactorActive, WrongSecondFactor
   */
  async confirm(accountId: string, sessionId: string, code: string): Promise<readonly string[]> {
    const recoveryCodes = newRecoveryCodes();
    await this.db.inPlatform('confirm a second factor', async (tx) => {
      await this.lock(tx, accountId);
      const factor = await this.find(tx, accountId);
      if (factor === undefined) throw new SecondFactorNotBegun();
      if (factor.confirmedAt !== null) throw new SecondFactorActive();
      const now = this.clock.now();
      const step = totpStep(await this.box.open(tx, factor.sealed, place(accountId)), code, now, null);
      if (step === undefined) throw new WrongSecondFactor();
      await tx.query(
        `update second_factors set confirmed_at = $2, totp_step = $3, recovery_hashes = $4::bytea[] where account_id = $1`,
        [accountId, now, step, recoveryCodes.map(recoveryHash)],
      );
      await this.sessions.revokeOthers(tx, accountId, sessionId, now, 'second_factor_enabled');
    });
    this.directory.forget(accountId);
    return recoveryCodes;
  }

  /**
   * Turns the factor off, deletes its secret and ends every other session of the account. Without a factor it does
   * nothing.
   * @throws WrongPassword, SecondFactorRequired, WrongSecondFactor, CodesLocked
   */
  async disable(accountId: string, sessionId: string, password: string, proof: SecondFactorProof): Promise<void> {
    const account = await this.known(accountId, password);
    const result = await this.db.inPlatform('remove a second factor', async (tx) => {
      await this.lock(tx, accountId, account.passwordHash);
      const wrong = await this.prove(tx, accountId, proof);
      if (wrong !== undefined) return wrong;
      const [gone] = await tx.query<{ active: boolean }>(
        'delete from second_factors where account_id = $1 returning confirmed_at is not null as active',
        [accountId],
      );
      if (gone?.active !== true) return undefined;
      await this.sessions.revokeOthers(tx, accountId, sessionId, this.clock.now(), 'second_factor_disabled');
      return undefined;
    });
    orRefuse(result);
    this.directory.forget(accountId);
  }

  /**
   * Accepts an account without a second factor, or with a valid proof. Call it only after the password was checked, in
   * the transaction of what it protects and before any write there: a code or recovery code is consumed with that
   * transaction, once, even if it is used concurrently.
   * @returns the refusal of a wrong code, which is counted: let the transaction commit, and throw it then
   * @throws SecondFactorRequired; CodesLocked after too many wrong codes in a row, when recovery codes still work
   */
  async prove(
    tx: PlatformTx,
    accountId: string,
    { code, recoveryCode }: SecondFactorProof,
    context = NOWHERE,
  ): Promise<WrongSecondFactor | undefined> {
    const factor = await this.find(tx, accountId);
    if (factor === undefined || factor.confirmedAt === null) return undefined;
    if (code !== undefined) return this.useCode(tx, accountId, factor, code, context);
    if (recoveryCode === undefined) throw new SecondFactorRequired();
    return this.useRecoveryCode(tx, accountId, recoveryCode);
  }

  private async useCode(tx: PlatformTx, accountId: string, factor: Factor, code: string, context: AuditContext) {
    const now = this.clock.now();
    requireUnlocked(factor, now);
    const seed = await this.box.open(tx, factor.sealed, place(accountId));
    const step = totpStep(seed, code, now, factor.step);
    if (step === undefined) return this.countWrongCode(tx, accountId, afterWrongCode(factor, now), context);
    await tx.query(
      'update second_factors set totp_step = $2, wrong_codes = 0, codes_locked_until = null where account_id = $1',
      [accountId, step],
    );
    return undefined;
  }

  private async useRecoveryCode(tx: PlatformTx, accountId: string, recoveryCode: string) {
    const used = await tx.query(
      `update second_factors
       set recovery_hashes = array_remove(recovery_hashes, $2), wrong_codes = 0, codes_locked_until = null
       where account_id = $1 and $2 = any (recovery_hashes) returning 1`,
      [accountId, recoveryHash(recoveryCode)],
    );
    return used.length === 0 ? new WrongSecondFactor() : undefined;
  }

  /**
   * Counts a wrong code, and records it in the audit log of every workspace of the account: someone knows the password
   * of one of its members.
   */
  private async countWrongCode(
    tx: PlatformTx,
    accountId: string,
    { wrongCodes, lockedUntil }: WrongCodes,
    context: AuditContext,
  ) {
    await tx.query('update second_factors set wrong_codes = $2, codes_locked_until = $3 where account_id = $1', [
      accountId,
      wrongCodes,
      lockedUntil,
    ]);
    const action = lockedUntil === null ? 'second_factor_wrong_code' : 'second_factor_codes_locked';
    const actor = { kind: 'account', id: accountId } as const;
    const entry = { action, actor, via: 'session', targets: [publicId('account', accountId)], context } as const;
    const workspaces = await tx.query<{ id: string }>('select tenant_id as id from memberships where account_id = $1', [
      accountId,
    ]);
    for (const { id } of workspaces) await this.audit.record(tx.asTenant(id), entry);
    return new WrongSecondFactor();
  }

  private async known(accountId: string, password: string): Promise<AccountRow> {
    const account = await this.db.inPlatform('find the account whose second factor changes', (tx) =>
      tx.manager.findOneBy(AccountRow, { id: accountId }),
    );
    if (account === null || !(await this.passwords.matches(account.passwordHash, password))) throw new WrongPassword();
    return account;
  }

  /** @throws WrongPassword when the password was changed since it was checked */
  private async lock(tx: PlatformTx, accountId: string, passwordHash?: string): Promise<void> {
    const [locked] = await tx.query(
      'select 1 from accounts where id = $1 and password_hash = coalesce($2, password_hash) for no key update',
      [accountId, passwordHash ?? null],
    );
    if (locked === undefined) throw new WrongPassword();
  }

  /** Finds and locks the second factor, so that concurrent codes are checked one after another. */
  private async find(tx: PlatformTx, accountId: string): Promise<Factor | undefined> {
    const [factor] = await tx.query<Factor>(
      `select totp_sealed as sealed, confirmed_at as "confirmedAt", totp_step::int as step, wrong_codes as "wrongCodes",
         codes_locked_until as "lockedUntil" from second_factors where account_id = $1 for update`,
      [accountId],
    );
    return factor;
  }
}
