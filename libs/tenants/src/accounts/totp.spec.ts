import { Secret, TOTP } from 'otpauth';
import { newRecoveryCodes, newTotpSeed, recoveryHash, totpAddress, totpStep } from './totp.js';

const at = (seconds: number) => new Date(seconds * 1_000);
/** RFC 6238, appendix B: the seed of its SHA-1 rows. */
const RFC_SEED = Secret.fromUTF8('12345678901234567890').base32;

describe('a code of an authenticator', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [2_000_000_000, '279037', 66_666_666],
  ])('at second %i of RFC 6238 is %s', (second, code, step) => {
    expect(totpStep(RFC_SEED, code, at(second), null)).toBe(step);
  });

  it('is accepted half a minute early and late, but no more', () => {
    const seed = newTotpSeed();
    const code = new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: 3_000_000 });
    const accepted = [2_940, 2_970, 3_000, 3_030, 3_060].map((now) => totpStep(seed, code, at(now), null));
    expect(accepted).toEqual([undefined, 100, 100, 100, undefined]);
  });

  it('is accepted once, and no earlier code afterwards', () => {
    const seed = newTotpSeed();
    const codeAt = (second: number) =>
      new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: second * 1_000 });
    const step = totpStep(seed, codeAt(3_000), at(3_000), null);
    expect(step).toBe(100);
    expect(totpStep(seed, codeAt(3_000), at(3_010), 100)).toBeUndefined();
    expect(totpStep(seed, codeAt(2_970), at(3_010), 100)).toBeUndefined();
    expect(totpStep(seed, codeAt(3_030), at(3_030), 100)).toBe(101);
  });

  it.each(['', '12345', '1234567', 'abcdef', '\0'])('cannot be %j', (code) => {
    expect(totpStep(newTotpSeed(), code, at(3_000), null)).toBeUndefined();
  });
});

it('an authenticator app gets the issuer, the account and the seed', () => {
  expect(totpAddress(RFC_SEED, 'ada@example.com')).toBe(
    `otpauth://totp/Starwall:ada%40example.com?issuer=Starwall&secret=${RFC_SEED}&algorithm=SHA1&digits=6&period=30`,
  );
});

describe('recovery codes', () => {
  it('are ten different codes', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    expect(codes.filter((code) => !/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/.test(code))).toEqual([]);
  });

  it('are accepted as people write them', () => {
    expect(recoveryHash('ABCD efgh-jkmnpqrs ')).toEqual(recoveryHash('abcd-efgh-jkmn-pqrs'));
    expect(recoveryHash('abcd-efgh-jkmn-pqrt')).not.toEqual(recoveryHash('abcd-efgh-jkmn-pqrs'));
  });
});
