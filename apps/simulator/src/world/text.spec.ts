import { recognise, type RichText, trimmed } from './entities.js';
import { ApiError } from './errors.js';
import { parseHtml } from './html.js';
import { checkLink } from './links.js';
import { parseMarkdown } from './markdown.js';
import { parseMarkdownV2 } from './markdown-v2.js';

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

describe('Markdown', () => {
  it.each([
    ['*bold* _it_ `x`', 'bold it x', ['bold:bold', 'italic:it', 'code:x']],
    ['😀[shop](https://example.com)', '😀shop', ['text_link:shop']],
    ['[shop](nowhere)', 'shop', []],
    ['```js\n1```', '1', ['pre:1']],
    ['\\*x\\* a.b!', '*x* a.b!', []],
  ])('%s', (source, text, expected) => expect(read(parseMarkdown(source))).toEqual([text, expected]));

  it.each([
    ['ж*x', "Can't find end of the entity starting at byte offset 2"],
    ['snake_case', "Can't find end of the entity starting at byte offset 5"],
  ])('%s is refused', (source, detail) => expect(() => parseMarkdown(source)).toThrow(refusal(detail)));
});

describe('MarkdownV2', () => {
  it.each([
    ['*b _i_*', 'b i', ['bold:b i', 'italic:i']],
    ['__u__ ~s~ ||h||', 'u s h', ['underline:u', 'strikethrough:s', 'spoiler:h']],
    ['`a*b`', 'a*b', ['code:a*b']],
    ['[go](https://example.com/a\\)b)', 'go', ['text_link:go']],
    ['![👍](tg://emoji?id=5368324170671202286)', '👍', ['custom_emoji:👍']],
    ['>one\n>two\nthree', 'one\ntwo\nthree', ['blockquote:one\ntwo\n']],
    ['>one\n>two||', 'one\ntwo', ['expandable_blockquote:one\ntwo']],
    ['1\\.5 \\- 2', '1.5 - 2', []],
    ['```python\nx = 1\n```', 'x = 1\n', ['pre:x = 1\n']],
  ])('%s', (source, text, expected) => expect(read(parseMarkdownV2(source))).toEqual([text, expected]));

  it.each([
    ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['a > b', "Character '>' is reserved and must be escaped with the preceding '\\'"],
    ['ж_x', "Can't find end of Italic entity at byte offset 2"],
    ['[x](y', "Can't find end of a URL at byte offset 4"],
    ['![x](y)', 'Invalid tg://emoji or tg://time URL specified'],
  ])('%s is refused', (source, detail) => expect(() => parseMarkdownV2(source)).toThrow(refusal(detail)));
});

describe('links', () => {
  it.each([
    ['example.com', 'http://example.com/'],
    ['HTTPS://Example.com:8443/A?b#c', 'https://example.com:8443/A?b#c'],
    ['tg://resolve?domain=shop', 'tg://resolve?domain=shop'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
    ['https://пример.рф/ы', 'https://пример.рф/ы'],
  ])('%s is kept as %s', (link, url) => expect(checkLink(link)).toEqual({ url }));

  it.each([
    ['http://localhost/', 'Wrong HTTP URL'],
    ['ftp://example.com', 'Unsupported URL protocol'],
    ['javascript:alert(1)', 'Wrong port number specified in the URL'],
    ['two words.com', 'Disallowed character in URL host'],
    ['', 'URL host is empty'],
    ['tg://a:1', 'Wrong tg URL'],
  ])('%s is not an entity', (link, problem) => expect(checkLink(link)).toEqual({ problem }));
});

const refusal = (detail: string) => new ApiError(400, `Bad Request: can't parse entities: ${detail}`);

/** Returns the text, and the text of each entity. */
function read(rich: RichText) {
  const { text, entities } = sorted(rich);
  return [text, entities.map(({ type, offset, length }) => `${type}:${text.slice(offset, offset + length)}`)];
}

const sorted = ({ text, entities }: RichText): RichText => ({
  text,
  entities: entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length),
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

  it('loses the white space at both ends, and its entities shift', () => {
    expect(trimmed({ text: '  hi  ', entities: [{ type: 'bold', offset: 0, length: 6 }] })).toEqual({
      text: 'hi',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });
});
