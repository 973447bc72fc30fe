import { fc } from '../../../../test/support/properties.js';
import { MINUTE } from '#libs/kernel';
import { readAnswer } from './fulfilment.js';

const now = new Date('2026-06-01T12:00:00Z');
const answered = (status: number, body: unknown = '', retryAfter?: string) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readAnswer({ status, retryAfter, body: Buffer.from(text) }, now);
};
const slowly = { kind: 'refused', afterMs: 15 * MINUTE };

describe("a creator's server that is asked for goods", () => {
  it.each([
    [{ text: 'Here\r\nyou are' }, { kind: 'text', content: 'Here\nyou are', fileId: null }],
    [{ link: ' https://example.com/a ' }, { kind: 'link', content: 'https://example.com/a', fileId: null }],
    [{ key: 'ABCD-1234' }, { kind: 'key', content: 'ABCD-1234', fileId: null }],
    [
      { file_id: 'file_0123456789abcdefghjkmnpqrs' },
      { kind: 'file', content: null, fileId: '0110c853-1d09-52d8-d73e-1194e95b5f19' },
    ],
    [{ file_url: ' https://example.com/a.pdf ' }, { kind: 'address', url: 'https://example.com/a.pdf' }],
  ])('can answer with goods: %j', (body, goods) => {
    expect(answered(200, body)).toEqual({ kind: 'goods', goods });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'thanks'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no goods', {}],
    ['two kinds of goods', { text: 'a', key: 'b' }],
    ['goods of an unknown kind', { gift: 'https://example.com/a.pdf' }],
    ['a file at an address that must not be called', { file_url: 'file:///etc/passwd' }],
    ['a file at an address without a host', { file_url: 'https:///a.pdf' }],
    ['a number', { text: 1 }],
    ['an empty text', { text: '' }],
    ['a text that is too long', { text: 'a'.repeat(4_097) }],
    ['a lone surrogate', { text: '\ud800' }],
    ['NUL', { text: 'a\u0000b' }],
    ['a key that is too long', { key: 'k'.repeat(257) }],
    ['a key of two lines', { key: 'a\nb' }],
    ['a link that runs code', { link: 'javascript:alert(1)' }],
    ['the id of something else', { file_id: 'ord_0123456789abcdefghjkmnpqrs' }],
    ['more than the limit', `{"text":"${'\\u0061'.repeat(4_000)}"}`],
  ])('is asked again, slowly, if it answers 200 with %s', (_what, body) => {
    expect(answered(200, body)).toMatchObject(slowly);
  });

  it('can promise goods', () => {
    expect(answered(202)).toEqual({ kind: 'generating' });
    expect(answered(202, 'on it')).toEqual({ kind: 'generating' });
  });

  it.each([400, 401, 403, 404, 409, 422, 204, 301])('is asked again, slowly, after %i', (status) => {
    expect(answered(status)).toMatchObject(slowly);
  });

  it.each([408, 425, 429, 500, 502, 503])('is asked again soon after %i', (status) => {
    expect(answered(status)).toEqual({ kind: 'refused', error: `your server answered ${status}` });
  });

  it('can set the time of the next attempt', () => {
    expect(answered(503, '', '7200')).toMatchObject({ afterMs: 120 * MINUTE });
    expect(answered(404, '', '60')).toMatchObject(slowly);
  });

  it('can refuse permanently, with any status', () => {
    for (const status of [200, 202, 400, 500])
      expect(answered(status, { error: 'no such\u0000 sign', final: true })).toEqual({
        kind: 'failed',
        error: 'Your server said: no such sign',
      });
    expect(answered(410)).toEqual({ kind: 'failed', error: 'Your server answered 410 Gone.' });
    expect(answered(500, { error: 'not yet' })).toMatchObject({ kind: 'refused' });
    expect(answered(500, { error: 'not yet', final: 'true' })).toMatchObject({ kind: 'refused' });
  });
});

describe('any answer', () => {
  const storable = (text: string) => text.isWellFormed() && !text.includes('\0') && text.length <= 500;
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record(
        {
          text: fc.anything(),
          link: fc.string({ unit: 'binary' }),
          key: fc.string({ unit: 'binary', maxLength: 300 }),
          file_id: fc.string(),
          file_url: fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })),
          error: fc.string({ unit: 'binary', maxLength: 2_000 }),
          final: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      .map((fields) => Buffer.from(JSON.stringify(fields) ?? '')),
  );

  it('is read without an error, and only storable text is kept', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.option(fc.string(), { nil: undefined }),
        body,
        (status, retryAfter, bytes) => {
          const answer = readAnswer({ status, retryAfter, body: bytes }, now);
          if (answer.kind === 'goods') {
            const { goods } = answer;
            return (
              goods.kind === 'file' || storable((goods.kind === 'address' ? goods.url : goods.content).slice(0, 500))
            );
          }
          return answer.kind === 'generating' || storable(answer.error);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
