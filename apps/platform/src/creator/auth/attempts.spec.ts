import { Attempts, TooManyAttempts } from './attempts.js';

const at = (ms: number) => new Date(1_800_000_000_000 + ms);

describe('attempts', () => {
  it('are refused beyond the limit until the minute is over', () => {
    const attempts = new Attempts(2);
    attempts.take('ada', at(0));
    attempts.take('ada', at(1));
    expect(() => attempts.take('ada', at(59_999))).toThrow(TooManyAttempts);
    expect(() => attempts.take('ada', at(60_000))).not.toThrow();
  });

  it('say how many seconds are left', () => {
    const attempts = new Attempts(1);
    attempts.take('ada', at(0));
    expect(() => attempts.take('ada', at(18_500))).toThrow(expect.objectContaining({ retryAfterSeconds: 42 }));
  });

  it('are counted for each key by itself', () => {
    const attempts = new Attempts(1);
    attempts.take('ada', at(0));
    expect(() => attempts.take('bob', at(0))).not.toThrow();
  });

  it('are forgotten after a success', () => {
    const attempts = new Attempts(1);
    attempts.take('ada', at(0));
    attempts.forget('ada');
    expect(() => attempts.take('ada', at(0))).not.toThrow();
  });
});
