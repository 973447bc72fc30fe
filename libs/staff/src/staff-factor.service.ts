import { Inject, Injectable } from '@nestjs/common';
import { Database, type PlatformTx } from '#libs/database';
import { type AuditContext, AuditStore } from '#libs/journal';
import { type Clock, publicId } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import {
  afterWrongCode,
  newRecoveryCodes,
  newTotpSeed,
  recoveryHash,
  requireUnlocked,
  totpAddress,
  totpStep,
  type WrongCodes,
} from '#libs/tenants';
import { SecretBox, type SecretPlace } from '#libs/vault';
import { ChallengeInvalid, type StaffClaim, WrongCode } from './staff.js';

interface FactorRow extends WrongCodes {
  readonly sealed: Buffer | null;
  readonly confirmedAt: Date | null;
  readonly step: number | null;
}

const seedPlace = (staffId: string): SecretPlace => ({ column: 'staff_accounts.totp', rowId: staffId });

/**
 * The second factor of staff, which every account must have. Codes are checked in the transaction of the session that
 * they open. A wrong code is counted there, so its refusal is returned rather than thrown: let the transaction
 * commit, then throw it.
 */
@Injectable()
export class StaffFactors {
  constructor(
    private readonly db: Database,
    private readonly box: SecretBox,
    private readonly audit: AuditStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Creates a new seed for an account without a confirmed one. @returns the seed as base32 and as an otpauth URL */
  async offer(staffId: string, email: string): Promise<{ readonly seed: string; readonly address: string }> {
    const seed = newTotpSeed();
    await this.db.inPlatform('offer a second factor', async (tx) => {
      const sealed = await this.box.seal(tx, seed, seedPlace(staffId));
      await tx.query('update staff_accounts set totp_sealed = $2 where id = $1 and totp_confirmed_at is null', [
        staffId,
        sealed,
      ]);
    });
    return { seed, address: totpAddress(seed, email) };
  }

  /**
   * Checks a code of the authenticator; the first correct one confirms it.
   * @returns the recovery codes when it confirmed the authenticator, else none; or the refusal of a wrong code
   * @throws ChallengeInvalid; CodesLocked after too many wrong codes in a row
   */
  async prove(
    tx: PlatformTx,
    claim: StaffClaim,
    code: string,
    context: AuditContext,
  ): Promise<readonly string[] | WrongCode> {
    const { staffId } = claim;
    const factor = await this.lock(tx, claim);
    if (factor.sealed === null) throw new ChallengeInvalid();
    const now = this.clock.now();
    requireUnlocked(factor, now);
    const seed = await this.box.open(tx, factor.sealed, seedPlace(staffId));
    const step = totpStep(seed, code, now, factor.step);
    if (step === undefined) return this.countWrongCode(tx, staffId, factor, context);
    const recoveryCodes = factor.confirmedAt === null ? newRecoveryCodes() : [];
    await tx.query(
      `update staff_accounts set totp_step = $2, totp_confirmed_at = coalesce(totp_confirmed_at, $3), wrong_codes = 0,
         codes_locked_until = null, recovery_hashes = case when totp_confirmed_at is null then $4::bytea[] else recovery_hashes end
       where id = $1`,
      [staffId, step, now, recoveryCodes.map(recoveryHash)],
    );
    return recoveryCodes;
  }

  /** Uses up a recovery code, even while codes are locked. @throws ChallengeInvalid, WrongCode */
  async recover(tx: PlatformTx, claim: StaffClaim, recoveryCode: string): Promise<void> {
    await this.lock(tx, claim);
    const used = await tx.query(
      `update staff_accounts
       set recovery_hashes = array_remove(recovery_hashes, $2), wrong_codes = 0, codes_locked_until = null
       where id = $1 and totp_confirmed_at is not null and $2 = any (recovery_hashes) returning 1`,
      [claim.staffId, recoveryHash(recoveryCode)],
    );
    if (used.length === 0) throw new WrongCode();
  }

  /** Locks an account, so that codes sent at the same time are checked one after another. @throws ChallengeInvalid */
  private async lock(tx: PlatformTx, { staffId, generation }: StaffClaim): Promise<FactorRow> {
    const [factor] = await tx.query<FactorRow>(
      `select totp_sealed as sealed, totp_confirmed_at as "confirmedAt", totp_step::int as step, wrong_codes as "wrongCodes",
         codes_locked_until as "lockedUntil" from staff_accounts
       where id = $1 and generation = $2 and disabled_at is null for update`,
      [staffId, generation],
    );
    if (factor === undefined) throw new ChallengeInvalid();
    return factor;
  }

  private async countWrongCode(tx: PlatformTx, staffId: string, factor: FactorRow, context: AuditContext) {
    // Whoever enrols knows the seed, so there is nothing to guess, and there are no recovery codes yet.
    if (factor.confirmedAt === null) return new WrongCode();
    const { wrongCodes, lockedUntil } = afterWrongCode(factor, this.clock.now());
    await tx.query('update staff_accounts set wrong_codes = $2, codes_locked_until = $3 where id = $1', [
      staffId,
      wrongCodes,
      lockedUntil,
    ]);
    const action = lockedUntil === null ? 'staff_wrong_code' : 'staff_codes_locked';
    const actor = { kind: 'staff', id: staffId } as const;
    await this.audit.recordForStaff(tx, {
      action,
      actor,
      via: 'staff',
      targets: [publicId('staff', staffId)],
      context,
    });
    return new WrongCode();
  }
}
