/** Turns text with entities into DOM. A bot's text never becomes markup. */
import { el, starred } from './dom.js';

const TAGS = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

const isSafeUrl = (url) => /^(https?|tg|mailto):/i.test(url);

/** @param open handlers for links: `{ link(url, event), command(text) }` */
export function richText(text, entities, open) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, 0, text.length, sorted, open);
}

function range(text, from, to, entities, open) {
  const fragment = document.createDocumentFragment();
  let at = from;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    const inner = [];
    index += 1;
    while (index < entities.length && entities[index].offset < end) inner.push(entities[index++]);
    if (entity.offset > at) fragment.append(...starred(text.slice(at, entity.offset)));
    const node = elementFor(entity, text.slice(entity.offset, end), open);
    node.append(range(text, entity.offset, end, inner, open));
    fragment.append(node);
    at = end;
  }
  if (at < to) fragment.append(...starred(text.slice(at, to)));
  return fragment;
}

function elementFor(entity, content, open) {
  if (entity.type in TAGS) return el(TAGS[entity.type]);
  if (entity.type === 'bot_command') {
    return el('button', { class: 'inline-command', type: 'button', onclick: () => open.command(content) });
  }
  if (entity.type === 'spoiler') {
    const reveal = (event) => event.currentTarget.classList.add('revealed');
    return el('button', { class: 'spoiler', type: 'button', 'aria-label': 'Show hidden text', onclick: reveal });
  }
  const url = entity.type === 'url' ? content : entity.url;
  if (url !== undefined && isSafeUrl(url)) return link(url, open);
  return el('span');
}

/** A link that opens inside the simulator where possible, else in a new tab. */
export function link(url, open, attributes = {}) {
  const onclick = (event) => open.link(url, event);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', title: url, onclick, ...attributes });
}
