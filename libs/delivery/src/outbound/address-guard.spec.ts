import { HOSTILE_ANSWERS, HOSTILE_URLS, OWN_HOST, PUBLIC_URLS } from '../../../../test/support/hostile-addresses.js';
import { type GuardFacts, safeUrl, UnsafeAddress, whyNotAddress } from './address-guard.js';

const facts: GuardFacts = { loopback: false, ownHosts: [OWN_HOST], ownAddresses: ['5.6.7.8', '2a01:4f8::7'] };
const development: GuardFacts = { ...facts, loopback: true };

describe('an address from a creator', () => {
  it.each(PUBLIC_URLS)('is accepted when it is public: %s', (given, kept) => {
    expect(safeUrl(given, facts).href).toBe(kept);
  });

  it('is tested against many hostile examples', () => {
    const all = Object.values(HOSTILE_URLS).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all.length + HOSTILE_ANSWERS.length).toBeGreaterThanOrEqual(250);
  });

  it.each(Object.entries(HOSTILE_URLS).flatMap(([trick, urls]) => urls.map((url) => [trick, url] as const)))(
    'is refused as %s: %j',
    (_, url) => {
      expect(() => safeUrl(url, facts)).toThrow(UnsafeAddress);
    },
  );

  it.each(['https://5.6.7.8/', 'https://84281096/', 'https://[2a01:4f8:0:0:0:0:0:7]/'])(
    'is refused when it is our own: %s',
    (url) => {
      expect(() => safeUrl(url, facts)).toThrow('of this service itself');
    },
  );

  it('can be on this machine during development, but not elsewhere in the internal network', () => {
    expect(safeUrl('http://127.0.0.1:4000/hook', development).port).toBe('4000');
    expect(safeUrl('http://localhost:4000/hook', development).hostname).toBe('localhost');
    expect(safeUrl('http://[::1]:4000/hook', development).hostname).toBe('[::1]');
    expect(() => safeUrl('http://10.0.0.1/', development)).toThrow('"private"');
    expect(() => safeUrl('http://169.254.169.254/', development)).toThrow('"linkLocal"');
  });

  it('is judged by the IP addresses of its name', () => {
    expect(whyNotAddress('93.184.216.34', facts)).toBeUndefined();
    expect(whyNotAddress('127.0.0.1', facts)).toContain('"loopback"');
    expect(whyNotAddress('127.0.0.1', development)).toBeUndefined();
    expect(whyNotAddress('fe80::1%eth0', development)).toContain('"linkLocal"');
    expect(whyNotAddress('not an address', development)).toBeDefined();
  });
});
