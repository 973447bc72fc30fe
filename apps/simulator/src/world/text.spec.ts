import { recognise, trimmed } from './entities.js';
import { ApiError } from './errors.js';
import { parseHtml } from './html.js';

describe('HTML', () => {
  it.each([
    ['<b>bold</b>', 'bold', [{ type: 'bold', offset: 0, length: 4 }]],
    [
      '<b>a<i>b</i></b>',
      'ab',
      [
        { type: 'italic', offset: 1, length: 1 },
        { type: 'bold', offset: 0, length: 2 },
      ],
    ],
    ['😀<code>x</code>', '😀x', [{ type: 'code', offset: 2, length: 1 }]],
    [
      '<a href="https://example.com/?a=1&amp;b=2">go</a>',
      'go',
      [{ type: 'text_link', offset: 0, length: 2, url: 'https://example.com/?a=1&b=2' }],
    ],
    ['<pre><code class="language-js">1</code></pre>', '1', [{ type: 'pre', offset: 0, length: 1, language: 'js' }]],
    ['<span class="tg-spoiler">s</span>', 's', [{ type: 'spoiler', offset: 0, length: 1 }]],
    ['<blockquote expandable>q</blockquote>', 'q', [{ type: 'expandable_blockquote', offset: 0, length: 1 }]],
    ['1 &lt; 2 &amp; &#65;&#x42; &nope;', '1 < 2 & AB &nope;', []],
    ['<b></b>', '', []],
  ])('%s', (source, text, entities) => expect(parseHtml(source)).toEqual({ text, entities }));

  it.each([
    ['<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['ж<p>x</p>', 'Unsupported start tag "p" at byte offset 2'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>x</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['<b', 'Unclosed start tag at byte offset 0'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('%s is refused', (source, detail) =>
    expect(() => parseHtml(source)).toThrow(new ApiError(400, `Bad Request: can't parse entities: ${detail}`)),
  );
});

describe('plain text', () => {
  it.each([
    ['/start abc', ['bot_command:/start']],
    ['go to /help@shop_bot, or a/b', ['bot_command:/help@shop_bot']],
    ['see https://t.me/shop?x=1.', ['url:https://t.me/shop?x=1']],
    ['ask @ada_buys', ['mention:@ada_buys']],
    ['a@b.c /', []],
  ])('%s', (text, expected) => {
    const { entities } = recognise({ text, entities: [] });
    expect(entities.map(({ type, offset, length }) => `${type}:${text.slice(offset, offset + length)}`)).toEqual(
      expected,
    );
  });

  it('loses white space at its ends, and entities move with it', () => {
    expect(trimmed({ text: '  hi  ', entities: [{ type: 'bold', offset: 0, length: 6 }] })).toEqual({
      text: 'hi',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });
});
