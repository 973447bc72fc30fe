import { randomBytes } from 'node:crypto';
import { readConfig, redact, Seldom } from './index.js';

const key = () => randomBytes(32).toString('base64');

describe('the configuration', () => {
  const good = {
    DATABASE_URL: 'postgres://starwall:pw@127.0.0.1/starwall',
    STARWALL_MASTER_KEY: key(),
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

  it('lists all problems at once', () => {
    expect(() => readConfig({ PORT: 'x', STARWALL_MASTER_KEY: 'short' })).toThrow(
      /PORT[\s\S]*DATABASE_URL[\s\S]*STARWALL_MASTER_KEY/,
    );
  });

  it.each([
    [{}, /STARWALL_MASTER_KEY: .*STARWALL_MASTER_KEY_FILE/],
    [{ STARWALL_MASTER_KEY: 'short' }, /STARWALL_MASTER_KEY: must be 32 random bytes/],
    [{ STARWALL_MASTER_KEY: key(), STARWALL_MASTER_KEY_PREVIOUS: `${key()}, short` }, /_PREVIOUS: each of its keys/],
    [{ STARWALL_MASTER_KEY_PREVIOUS: key() }, /_PREVIOUS: also needs STARWALL_MASTER_KEY/],
    [{ STARWALL_MASTER_KEY: key(), STARWALL_MASTER_KEY_FILE: '/keys' }, /_FILE: contains all keys/],
    [{ STARWALL_MASTER_KEY_PREVIOUS: key(), STARWALL_MASTER_KEY_FILE: '/keys' }, /_FILE: contains all keys/],
    [{ STARWALL_MASTER_KEY: 'AQID', KMS_KEY_ID: 'alias/starwall' }, /KMS_KEY_ID: also needs KMS_ACCESS_KEY_ID/],
    [
      { STARWALL_MASTER_KEY: key(), KMS_ACCESS_KEY_ID: 'a', KMS_SECRET_ACCESS_KEY: 'b' },
      /KMS_KEY_ID: must name the key/,
    ],
  ])('refuses contradictory or invalid keys, with a remedy: %#', (keys, remedy) => {
    expect(() => readConfig({ DATABASE_URL: good.DATABASE_URL, ...keys })).toThrow(remedy);
  });

  it('accepts master keys from the environment, from a file, and encrypted by a KMS', () => {
    const [one, two] = [key(), key()];
    const env = { DATABASE_URL: good.DATABASE_URL };
    expect(readConfig({ ...env, STARWALL_MASTER_KEY: one, STARWALL_MASTER_KEY_PREVIOUS: two }).masterKeys).toEqual({
      keys: [one, two],
      file: undefined,
      kms: undefined,
    });
    expect(readConfig({ ...env, STARWALL_MASTER_KEY_FILE: '/keys' }).masterKeys).toMatchObject({
      keys: [],
      file: '/keys',
    });
    const kms = {
      KMS_KEY_ID: 'alias/starwall',
      KMS_REGION: 'eu-north-1',
      KMS_ACCESS_KEY_ID: 'a',
      KMS_SECRET_ACCESS_KEY: 'b',
    };
    expect(readConfig({ ...env, STARWALL_MASTER_KEY: 'AQIDBA==', ...kms }).masterKeys).toMatchObject({
      keys: ['AQIDBA=='],
      kms: { endpoint: 'https://kms.eu-north-1.amazonaws.com/', keyId: 'alias/starwall' },
    });
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

  it('are comma-separated lists, and empty by default', () => {
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
  ])('(%s) cannot be %j', (name, value) =>
    expect(() => readConfig({ ...good, [name]: value })).toThrow(`${name}: must`),
  );
});

describe('redaction', () => {
  it('removes tokens, secrets and passwords', () => {
    const token = `123456789:${'A'.repeat(35)}`;
    expect(redact(`https://api.telegram.org/bot${token}/getMe failed`)).not.toContain('AAAA');
    expect(redact('postgres://me:hunter2@db/x')).toBe('postgres://me:[secret]@db/x');
    expect(redact(`key sw_live_${'a1B2'.repeat(12)}c is out`)).toBe('key [api key] is out');
    expect(redact('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('[webhook secret]');
  });
});

describe('the mode of an installation', () => {
  const starts = (settings: Record<string, string>) =>
    readConfig({
      DATABASE_URL: 'postgres://starwall:pw@127.0.0.1/starwall',
      STARWALL_MASTER_KEY: key(),
      PUBLIC_URL: 'https://pay.example.com',
      ...settings,
    });
  const OWN = 'http://bot-api.internal:8081';

  it.each([
    ['https://api.telegram.org', true],
    ['https://api.telegram.org:443', true],
    ['http://127.0.0.1:8081', false],
    ['https://api.telegram.org.example.com', false],
  ])('follows from %s by default: %j', (root, livemode) =>
    expect(starts({ TELEGRAM_API_ROOT: root }).livemode).toBe(livemode),
  );

  it("must be set in production for a Bot API server that is not Telegram's", () => {
    const production = { NODE_ENV: 'production', TELEGRAM_API_ROOT: OWN };
    expect(() => starts(production)).toThrow(/STARWALL_LIVEMODE: must say whether .*bot-api\.internal/);
    expect(starts({ ...production, STARWALL_LIVEMODE: 'true' }).livemode).toBe(true);
    expect(starts({ ...production, STARWALL_LIVEMODE: 'false' }).livemode).toBe(false);
  });

  it('cannot be test mode with the API of Telegram itself', () => {
    expect(() => starts({ STARWALL_LIVEMODE: 'false' })).toThrow('STARWALL_LIVEMODE: must not be false');
  });
});

it('a list of networks for updates requires the proxy that terminates https, because updates come from there', () => {
  const settings = {
    DATABASE_URL: 'postgres://starwall:pw@127.0.0.1/starwall',
    STARWALL_MASTER_KEY: key(),
    PUBLIC_URL: 'https://pay.example.com',
    TELEGRAM_NETWORKS: '149.154.160.0/20',
  };
  expect(() => readConfig(settings)).toThrow('TRUSTED_PROXIES: must name the proxy');
  expect(readConfig({ ...settings, TRUSTED_PROXIES: '10.0.0.2' }).telegramNetworks).toEqual(['149.154.160.0/20']);
});

it('a repeated line is logged at once, then counted, then logged with the count', () => {
  const seldom = new Seldom(1_000);
  const said: number[] = [];
  for (const ms of [0, 1, 999, 1_000, 1_001]) seldom.about(new Date(ms), (times) => said.push(times));
  expect(said).toEqual([1, 3]);
});
