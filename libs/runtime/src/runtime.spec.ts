import { randomBytes } from 'node:crypto';
import { isLive, readConfig, redact, SecretBox } from './index.js';

const place = { tenantId: 't1', column: 'bots.token', rowId: 'b1' };

describe('the secret box', () => {
  const box = new SecretBox(randomBytes(32));

  it('opens what it sealed, and never writes the same bytes twice', () => {
    expect(box.open(box.seal('a secret', place), place)).toBe('a secret');
    expect(box.seal('a secret', place).equals(box.seal('a secret', place))).toBe(false);
  });

  it.each([
    { ...place, tenantId: 't2' },
    { ...place, rowId: 'b2' },
    { ...place, column: 'endpoints.secret' },
  ])('does not open in another place: %p', (elsewhere) => {
    expect(() => box.open(box.seal('a secret', place), elsewhere)).toThrow('does not open');
  });

  it('refuses every flipped byte and every truncation', () => {
    const sealed = box.seal('a secret', place);
    for (let i = 0; i < sealed.length; i += 1) {
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(i) ^ 1, i);
      expect(() => box.open(flipped, place)).toThrow();
      expect(() => box.open(sealed.subarray(0, i), place)).toThrow();
    }
  });

  it('names the remedy when the master key is another one', () => {
    const other = new SecretBox(randomBytes(32));
    expect(() => other.open(box.seal('a secret', place), place)).toThrow('STARWALL_MASTER_KEY');
  });
});

describe('the configuration', () => {
  const good = {
    DATABASE_URL: 'postgres://starwall:pw@127.0.0.1/starwall',
    STARWALL_MASTER_KEY: randomBytes(32).toString('base64'),
  };

  it('has safe defaults', () => {
    const config = readConfig({ ...good, REDIS_URL: '' });
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      telegramApiRoot: 'https://api.telegram.org',
      redisUrl: undefined,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists everything that is wrong at once', () => {
    expect(() => readConfig({ PORT: 'x', STARWALL_MASTER_KEY: 'short' })).toThrow(
      /PORT[\s\S]*DATABASE_URL[\s\S]*STARWALL_MASTER_KEY/,
    );
  });

  it('refuses dangerous settings in production', () => {
    const env = {
      ...good,
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://pay.example.com',
      DANGEROUS_LOOPBACK_WEBHOOKS: 'true',
    };
    expect(() => readConfig(env)).toThrow('DANGEROUS_LOOPBACK_WEBHOOKS');
  });
});

describe('networks and origins in the configuration', () => {
  const good = {
    DATABASE_URL: 'postgres://starwall:pw@127.0.0.1/starwall',
    STARWALL_MASTER_KEY: randomBytes(32).toString('base64'),
  };

  it('are lists with commas, and empty when nothing is said', () => {
    const none = { trustedProxies: [], telegramNetworks: [], corsOrigins: [] };
    expect(readConfig(good)).toMatchObject(none);
    const lists = { TRUSTED_PROXIES: '10.0.0.0/8, ::1', CORS_ORIGINS: 'https://app.example.com,http://localhost:5173' };
    expect(readConfig({ ...good, ...lists })).toMatchObject({
      trustedProxies: ['10.0.0.0/8', '::1'],
      corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
    });
  });

  it.each<[string, string]>([
    ['TRUSTED_PROXIES', 'loopback'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,0.0.0.0/0'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TELEGRAM_NETWORKS', 'telegram.org'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/'],
    ['CORS_ORIGINS', 'null'],
  ])('%s does not take %p', (name, value) =>
    expect(() => readConfig({ ...good, [name]: value })).toThrow(`${name}: must`),
  );
});

describe('redaction', () => {
  it('takes tokens, secrets and passwords out', () => {
    const token = `123456789:${'A'.repeat(35)}`;
    expect(redact(`https://api.telegram.org/bot${token}/getMe failed`)).not.toContain('AAAA');
    expect(redact('postgres://me:hunter2@db/x')).toBe('postgres://me:[secret]@db/x');
    expect(redact(`key sw_live_${'a1B2'.repeat(12)}c is out`)).toBe('key [api key] is out');
    expect(redact('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('[webhook secret]');
  });
});

it.each([
  ['https://api.telegram.org', true],
  ['https://api.telegram.org:443', true],
  ['http://127.0.0.1:8081', false],
  ['https://api.telegram.org.example.com', false],
])('Stars at %s are real: %p', (root, live) => expect(isLive(root)).toBe(live));
