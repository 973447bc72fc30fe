import { escapeHtml } from '#libs/kernel';

/** A string that is already HTML. Everything else is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | readonly Part[];

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  return typeof part === 'number' ? String(part) : part.map(textOf).join('');
}

/**
 * Builds HTML from a template: values are escaped unless they are {@link Html}; lists are joined, and `undefined` is
 * empty.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((text, next, index) => text + textOf(parts[index - 1]) + next));

/** Finds the address of a route that a sentence names, such as `POST /v1/orders/{id}/refunds`. */
export type Links = (method: string, path: string) => string | undefined;

/** Splitting a text by it makes every second piece a mark. */
const MARKS = /(`[^`]+`|\b(?:GET|POST|PUT|PATCH|DELETE) \/v1\/[\w/{}-]*[\w}])/;

/** Renders a description: `code` in backticks, and links to the routes that it mentions. */
export const prose = (text: string, links: Links): Html =>
  html`${text.split(MARKS).map((piece, index) => (index % 2 === 0 ? piece : markOf(piece, links)))}`;

function markOf(mark: string, links: Links): Html {
  if (mark.startsWith('`')) return html`<code>${mark.replaceAll('`', '')}</code>`;
  const [method = '', path = ''] = mark.split(' ');
  const href = links(method, path);
  return href === undefined ? html`<code>${mark}</code>` : html`<a href="${href}"><code>${mark}</code></a>`;
}

const TOKENS =
  /("(?:[^"\\]|\\.)*"(?:\s*:)?|'(?:[^'\\]|\\.)*'|^\s*#.*|(?<=\s)\/\/ .*|\b(?:-?\d+(?:\.\d+)?|true|false|null)\b)/m;

/** Highlights strings, names, numbers and comments. The same rules work for JSON, TypeScript and shell. */
const coloured = (code: string): Html =>
  html`${code.split(TOKENS).map((piece, index) => (index % 2 === 0 ? piece : html`<span class="${kindOf(piece)}">${piece}</span>`))}`;

function kindOf(token: string): string {
  if (/^\s*#|^\/\//.test(token)) return 'note';
  if (/^["']/.test(token)) return token.endsWith(':') ? 'name' : 'text';
  return 'value';
}

/** Renders a block of code with a copy button. */
export const codeBlock = (code: string, label: string): Html =>
  html`<div class="code"><div class="code-head"><span>${label}</span><button type="button" class="copy">Copy</button></div><pre tabindex="0"><code>${coloured(code)}</code></pre></div>`;
