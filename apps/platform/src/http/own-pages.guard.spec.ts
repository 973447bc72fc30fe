import { isFromOwnPage } from './own-pages.guard.js';

const own = { 'starwall-browser': '1', origin: 'https://sell.example', 'sec-fetch-site': 'same-origin' };
const asked = (headers: Record<string, string | undefined>, host = 'sell.example') =>
  isFromOwnPage({ host, headers: { ...own, ...headers } });

describe('a request with a cookie', () => {
  it('is accepted from a page of the same origin, even if the browser sends fewer headers', () => {
    expect(asked({})).toBe(true);
    expect(asked({ 'sec-fetch-site': undefined })).toBe(true);
    expect(asked({ origin: 'http://127.0.0.1:3000' }, '127.0.0.1:3000')).toBe(true);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['no Starwall header', { 'starwall-browser': undefined }],
    ['another value', { 'starwall-browser': 'true' }],
    ['no origin', { origin: undefined }],
    ['a hidden origin', { origin: 'null' }],
    ['another host', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://sell.example:444' }],
    ['a name with the same prefix', { origin: 'https://sell.example.evil.example' }],
    ['a neighbouring site, according to the browser', { 'sec-fetch-site': 'same-site' }],
  ])('is refused with %s', (_, headers) => {
    expect(asked(headers)).toBe(false);
  });
});
