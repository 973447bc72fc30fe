/** Small helpers that build the page. Text always becomes text nodes, never markup. */

const PROPERTIES = new Set([
  'textContent',
  'value',
  'defaultValue',
  'disabled',
  'type',
  'href',
  'src',
  'alt',
  'title',
  'download',
  'placeholder',
  'rows',
  'min',
  'max',
  'step',
  'maxLength',
  'required',
  'autofocus',
  'name',
  'inputMode',
  'autocomplete',
  'pattern',
  'target',
  'rel',
  'id',
  'htmlFor',
  'tabIndex',
  'selected',
  'hidden',
  'checked',
]);

/** An element with properties, attributes, `on...` listeners and children (elements, text, or nothing). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const STAR = 'M12 1.9l2.95 6.35 6.95.85-5.13 4.78 1.34 6.87L12 17.35l-6.11 3.4 1.34-6.87L2.1 9.1l6.95-.85z';

/** The Star as an inline picture of the text's height, which needs neither a font nor a request. */
export function star(extra = '') {
  const svg = drawing(STAR, `star ${extra}`.trim());
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'Star');
  return svg;
}

/** Text in which the Star, in any of Telegram's spellings, is replaced by the picture. */
export function starred(text, spellings = /⭐\uFE0F?/u) {
  return text.split(spellings).flatMap((part, index) => (index === 0 ? [part] : [star(), part]));
}

/** An amount with its Star. */
export function stars(amount) {
  return el('span', { class: 'stars' }, star(), amount.toLocaleString('en'));
}

const CAN_HAVE_FOCUS = 'a[href], button, input, select, textarea, [tabindex]';

/** Redraws the inside of `parent` with `work`, then restores the focus to the same place in the same part. */
export function keepingFocus(parent, work) {
  const { activeElement } = document;
  const part = parent.contains(activeElement) ? (activeElement.closest('[id]') ?? parent) : undefined;
  const place = part && [...part.querySelectorAll(CAN_HAVE_FOCUS)].indexOf(activeElement);
  work();
  if (part === undefined || place < 0 || document.activeElement !== document.body) return;
  const again = part === parent || part.contains(parent) ? parent : document.getElementById(part.id);
  again?.querySelectorAll(CAN_HAVE_FOCUS)[place]?.focus({ preventScroll: true });
}

/** Keeps a list scrolled to its end when something in it grows, as a picture does once it is loaded. */
export function staysAtEnd(list) {
  const isAtEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  let wasAtEnd = true;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    wasAtEnd = true;
  };
  list.addEventListener('scroll', () => {
    wasAtEnd = isAtEnd();
  });
  list.addEventListener('load', () => wasAtEnd && toEnd(), { capture: true });
  new ResizeObserver(() => wasAtEnd && toEnd()).observe(list);
  return { toEnd, wasAtEnd: () => wasAtEnd };
}

let press;
addEventListener('pointerdown', () => {
  if (press !== undefined) return;
  press = {};
  press.over = new Promise((resolve) => {
    press.end = resolve;
  });
});
for (const end of ['pointerup', 'pointercancel']) {
  // The click comes after the release.
  addEventListener(end, () =>
    setTimeout(() => {
      press?.end();
      press = undefined;
    }),
  );
}

/** Resolves when no pointer is pressed. */
export const released = async () => press?.over;

/** Replaces the content of `parent` with `fresh` without losing text that a person is typing. */
export function renew(parent, fresh) {
  const typing = [...parent.querySelectorAll('input[name]')]
    .filter((input) => input.value !== input.defaultValue || input === document.activeElement)
    .map((input) => ({ name: input.name, value: input.value, focused: input === document.activeElement }));
  parent.replaceChildren(fresh);
  for (const { name, value, focused } of typing) {
    const input = fresh.querySelector(`input[name="${name}"]`);
    if (input === null) continue;
    input.value = value;
    if (focused) input.focus();
  }
}

const SVG = 'http://www.w3.org/2000/svg';
const ICONS = {
  back: 'M15 5l-7 7 7 7',
  send: 'M4 12l16-8-6 17-3-7-7-2z',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  menu: 'M5 8h14M5 12h14M5 16h9',
  file: 'M12 4v11m0 0l-4.5-4.5M12 15l4.5-4.5M5 20h14',
  clip: 'M17 8l-7.500 7.500a2 2 0 003 3L20 11a4 4 0 00-6-5.500L6 13a6 6 0 008.500 8.500',
  link: 'M8 16L16 8m0 0H9.5M16 8v6.5',
  reply: 'M10 6l-6 6 6 6v-4c5 0 8 1.300 10 4 0-6-4-8-10-8z',
  forward: 'M14 6l6 6-6 6v-4c-5 0-8 1.300-10 4 0-6 4-8 10-8z',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M7 7l10 10M17 7L7 17',
  plus: 'M12 5v14M5 12h14',
  people:
    'M8.500 11a3 3 0 100-6 3 3 0 000 6zM3 19c0-3 2.500-5 5.500-5s5.500 2 5.500 5M16 5.500a3 3 0 010 5.500M16.500 14c2.500.300 4.500 2.200 4.500 5',
  channel: 'M4 10v4h3l7 4V6l-7 4zM18 9a4 4 0 010 6',
  person: 'M12 11.500a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM5 20c0-3.500 3-6 7-6s7 2.500 7 6',
  lock: 'M7 11V8a5 5 0 0110 0v3M6 11h12v9H6z',
  inbox: 'M4 13h4l2 3h4l2-3h4M4 13l3-8h10l3 8v6H4z',
};

export function icon(name) {
  const svg = drawing(ICONS[name], `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}

function drawing(line, classes) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', classes);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', line);
  svg.append(path);
  return svg;
}

const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });
const initial = (word) => CHARACTERS.segment(word).containing(0)?.segment ?? '';

/** A coloured circle with initials; the colour depends on the id. */
export function avatar(id, name, size = '') {
  const words = name.trim().split(/\s+/);
  const initials = (words.length > 1 ? [words[0], words.at(-1)] : words).map(initial).join('');
  return el('span', { class: `avatar hue-${id % 7} ${size}`.trim(), 'aria-hidden': 'true' }, initials.toUpperCase());
}

export function toast(text) {
  const note = el('div', { class: 'toast' }, text);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), 4500);
}

export const time = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

export const day = (seconds) =>
  new Date(seconds * 1000).toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });

export const bytes = (size) =>
  size < 1024
    ? `${size} B`
    : size < 1024 ** 2
      ? `${(size / 1024).toFixed(1)} kB`
      : `${(size / 1024 ** 2).toFixed(1)} MB`;
