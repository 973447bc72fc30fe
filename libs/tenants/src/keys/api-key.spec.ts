import { crc32 } from 'node:zlib';
import { isApiKey, looksLikeApiKey, newApiKey, stateOfKey } from './api-key.js';

const at = (ms: number) => new Date(1_800_000_000_000 + ms);

describe('an API key', () => {
  it('shows its type and its mode in its prefix', () => {
    expect(newApiKey(true)).toMatch(/^sw_live_[0-9A-Za-z]{49}$/);
    expect(newApiKey(false)).toMatch(/^sw_test_[0-9A-Za-z]{49}$/);
  });

  it('is unique', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newApiKey(true))).size).toBe(1_000);
  });

  it('ends with a CRC-32 of the rest that anyone can check', () => {
    const key = newApiKey(true);
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const value = key
      .slice(-6)
      .split('')
      .reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    expect(value).toBe(crc32(key.slice(0, -6)));
  });

  it('is valid only in its own mode', () => {
    const [live, test] = [newApiKey(true), newApiKey(false)];
    expect([isApiKey(live, true), isApiKey(test, false)]).toEqual([true, true]);
    expect([isApiKey(live, false), isApiKey(test, true)]).toEqual([false, false]);
  });

  it('is invalid after a change of any character', () => {
    const key = newApiKey(true);
    const forged = [...key].map((char, i) => `${key.slice(0, i)}${char === 'a' ? 'b' : 'a'}${key.slice(i + 1)}`);
    expect(forged.filter((it) => isApiKey(it, true))).toEqual([]);
  });

  it.each(['', 'sw_live_', 'sw_live_short', `sw_live_${'a'.repeat(49)}`, `sw_live_${'é'.repeat(49)}`])(
    'is not %j',
    (text) => expect(isApiKey(text, true)).toBe(false),
  );

  it('cannot be mistaken for an access token', () => {
    expect(looksLikeApiKey(newApiKey(true))).toBe(true);
    expect(looksLikeApiKey('eyJhbGciOiJIUzI1NiJ9.e30.c2ln')).toBe(false);
  });

  it.each([
    ['works without an end', { expiresAt: null, revokedAt: null }, 'active'],
    ['works until its end', { expiresAt: at(1), revokedAt: null }, 'active'],
    ['has expired at its end', { expiresAt: at(0), revokedAt: null }, 'expired'],
    ['stays revoked after its expiry', { expiresAt: at(0), revokedAt: at(-1) }, 'revoked'],
  ] as const)('%s', (_, key, state) => expect(stateOfKey(key, at(0))).toBe(state));
});
