import { LoginAttempts, TooManyAttempts, type Visitor } from './login-attempts.js';

let attempts: LoginAttempts;
beforeEach(() => {
  vi.useFakeTimers();
  attempts = new LoginAttempts();
});
afterEach(() => vi.useRealTimers());

const HOME = '192.0.2.7';

const wrong = async () => {
  throw new Error('wrong');
};
const fail = (account: string, place = 'here') => attempts.guess(account, place, wrong);
const fiveFail = async (account: string) => {
  for (let i = 0; i < 5; i += 1) await expect(fail(account)).rejects.toThrow('wrong');
};

/** Returns a visitor of an account that was used before, from home and on one device. */
const visitor = (address: string, deviceToken?: string): Visitor => ({
  account: 'ada',
  origin: { address, device: { requestId: null, network: address.replace(/\d+$/, '0/24'), userAgent: null } },
  deviceToken,
  earlier: {
    fromNetwork: async (network) => network === '192.0.2.0/24',
    onDevice: async (token) => (token === 'of her phone' ? 'a session' : undefined),
  },
});
const logsIn = (address: string, deviceToken?: string, work: () => Promise<unknown> = async () => 'in') =>
  attempts.logIn(visitor(address, deviceToken), work);
const strangerAt = (n: number) => `203.0.113.${n}`;

describe('login attempts on an account', () => {
  it('are refused after five failures until the minute is over, with the seconds to wait', async () => {
    await fiveFail('ada');
    vi.advanceTimersByTime(18_500);
    const work = vi.fn<() => Promise<never>>();
    await expect(attempts.guess('ada', 'here', work)).rejects.toThrow(TooManyAttempts);
    await expect(attempts.guess('ada', 'here', work)).rejects.toMatchObject({ retryAfterSeconds: 42 });
    expect(work).not.toHaveBeenCalled();
    vi.advanceTimersByTime(41_500);
    await expect(attempts.guess('ada', 'here', async () => 'in')).resolves.toBe('in');
  });

  it('are counted per account', async () => {
    await fiveFail('ada');
    await expect(fail('bob')).rejects.toThrow('wrong');
  });

  it('are counted per place: failures in one place do not affect others', async () => {
    await fiveFail('ada');
    await expect(fail('ada', 'there')).rejects.toThrow('wrong');
    await expect(attempts.guess('ada', 'elsewhere', async () => 'in')).resolves.toBe('in');
  });

  it('are counted from zero after a success from the same place', async () => {
    for (let i = 0; i < 4; i += 1) await expect(fail('ada')).rejects.toThrow('wrong');
    await attempts.guess('ada', 'there', async () => 'in');
    await expect(fail('ada')).rejects.toThrow('wrong');
    await expect(fail('ada')).rejects.toThrow(TooManyAttempts);
    for (let i = 0; i < 4; i += 1) await expect(fail('bob')).rejects.toThrow('wrong');
    await attempts.guess('bob', 'here', async () => 'in');
    await fiveFail('bob');
  });

  it('are accepted up to the limit when concurrent', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 9 }, () => fail('ada')));
    const refused = answers.filter((one) => one.status === 'rejected' && one.reason instanceof TooManyAttempts);
    expect(refused).toHaveLength(4);
  });
});

describe('a hundred wrong passwords from many networks', () => {
  beforeEach(async () => {
    for (let n = 0; n < 20; n += 1)
      for (let i = 0; i < 5; i += 1) await logsIn(strangerAt(n), undefined, wrong).catch(() => undefined);
  });

  it('lock out strangers, on any network and with any invented token', async () => {
    for (const token of [undefined, 'made up'])
      await expect(logsIn(strangerAt(99), token)).rejects.toThrow(TooManyAttempts);
  });

  it('do not affect people who logged in from the same network before', async () => {
    await expect(logsIn(HOME)).resolves.toBe('in');
  });

  it('do not affect a device that has logged in before, on any network', async () => {
    await expect(logsIn(strangerAt(0), 'of her phone')).resolves.toBe('in');
  });

  it('do not allow unlimited guessing: known networks and devices get five attempts a minute, too', async () => {
    for (const [address, token] of [
      [HOME, undefined],
      [strangerAt(0), 'of her phone'],
    ] as const) {
      for (let i = 0; i < 5; i += 1) await expect(logsIn(address, token, wrong)).rejects.toThrow('wrong');
      await expect(logsIn(address, token)).rejects.toThrow(TooManyAttempts);
    }
  });
});

describe('attempts from a network', () => {
  it.each([
    [
      'to log in',
      20,
      (address: string) => attempts.logIn({ ...visitor(address), account: Math.random().toString() }, async () => 'in'),
    ],
    ['to sign up', 60, (address: string) => attempts.signUp(address)],
  ])('%s are refused beyond %d a minute', async (_what, limit, attempt) => {
    for (let i = 0; i < limit; i += 1) await attempt('203.0.113.7');
    await expect(attempt('203.0.113.7')).rejects.toThrow(TooManyAttempts);
    await attempt('198.51.100.7');
    vi.advanceTimersByTime(60_000);
    await attempt('203.0.113.7');
  });
});
