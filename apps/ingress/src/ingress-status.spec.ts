import { statusOfFailure } from './ingress-status.js';

describe('a failure at the webhook', () => {
  it('is never answered with 410, nor with any other status that the error asks for', () => {
    const statuses = Array.from({ length: 500 }, (_, n) => statusOfFailure({ statusCode: 100 + n }));
    expect(new Set(statuses)).toEqual(new Set([400, 413, 503]));
    expect(statusOfFailure({ statusCode: 410 })).toBe(503);
  });

  it.each([new Error('the database is away'), undefined, null, 'a text', { statusCode: '413' }])(
    'counts as ours by default: %p',
    (error) => expect(statusOfFailure(error)).toBe(503),
  );
});
