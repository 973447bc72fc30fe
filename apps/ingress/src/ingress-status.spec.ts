import { statusOfFailure } from './ingress-status.js';

describe('a failure of the webhook', () => {
  it('is answered with 400, 413 or 503 only, whatever status the error carries', () => {
    const statuses = Array.from({ length: 500 }, (_, n) => statusOfFailure({ statusCode: 100 + n }));
    expect(new Set(statuses)).toEqual(new Set([400, 413, 503]));
    expect(statusOfFailure({ statusCode: 410 })).toBe(503);
  });

  it.each([new Error('the database is away'), undefined, null, 'a text', { statusCode: '413' }])(
    'is answered with 503 by default: %o',
    (error) => expect(statusOfFailure(error)).toBe(503),
  );
});
