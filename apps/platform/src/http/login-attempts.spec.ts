import { LoginAttempts, TooManyAttempts } from './login-attempts.js';

let attempts: LoginAttempts;
beforeEach(() => {
  jest.useFakeTimers();
  attempts = new LoginAttempts();
});
afterEach(() => jest.useRealTimers());

const wrong = async () => {
  throw new Error('wrong');
};
const fail = (account: string) => attempts.guess(account, wrong);
const fiveFail = async (account: string) => {
  for (let i = 0; i < 5; i += 1) await expect(fail(account)).rejects.toThrow('wrong');
};

describe('attempts at an account', () => {
  it('are refused after five that failed, until the minute is over, with the seconds to wait', async () => {
    await fiveFail('ada');
    jest.advanceTimersByTime(18_500);
    const work = jest.fn();
    await expect(attempts.guess('ada', work)).rejects.toThrow(TooManyAttempts);
    await expect(attempts.guess('ada', work)).rejects.toMatchObject({ retryAfterSeconds: 42 });
    expect(work).not.toHaveBeenCalled();
    jest.advanceTimersByTime(41_500);
    await expect(attempts.guess('ada', async () => 'in')).resolves.toBe('in');
  });

  it('are counted for each account by itself', async () => {
    await fiveFail('ada');
    await expect(fail('bob')).rejects.toThrow('wrong');
  });

  it('are forgotten after one that succeeds', async () => {
    for (let i = 0; i < 4; i += 1) await expect(fail('ada')).rejects.toThrow('wrong');
    await attempts.guess('ada', async () => 'in');
    await fiveFail('ada');
  });

  it('that come at the same moment are let through up to the limit', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 9 }, () => fail('ada')));
    const refused = answers.filter((one) => one.status === 'rejected' && one.reason instanceof TooManyAttempts);
    expect(refused).toHaveLength(4);
  });
});

describe('attempts from a network', () => {
  it.each([
    ['to log in', 20, (address: string) => attempts.logIn(address)],
    ['to sign up', 60, (address: string) => attempts.signUp(address)],
  ])('%s are refused beyond %d a minute', async (_what, limit, attempt) => {
    for (let i = 0; i < limit; i += 1) await attempt('203.0.113.7');
    await expect(attempt('203.0.113.7')).rejects.toThrow(TooManyAttempts);
    await attempt('198.51.100.7');
    jest.advanceTimersByTime(60_000);
    await attempt('203.0.113.7');
  });
});
