/** Photos and videos that must be bought to be seen. */
import { api } from './api.js';
import { el, icon, stars } from './dom.js';

/**
 * The media of a message: blurred under one button, or clear once they are bought.
 * @param actions `{ unlock(message) }`
 */
export function paidMedia(message, botId, actions) {
  const { star_count, paid_media } = message.paid_media;
  const isLocked = paid_media.some(({ type }) => type === 'preview');
  const tiles = el(
    'div',
    { class: `media-tiles${paid_media.length === 1 ? ' one' : ''}` },
    ...paid_media.map((item) => tile(item, botId)),
  );
  const unlock = el(
    'button',
    { class: 'unlock', type: 'button', onclick: () => actions.unlock(message) },
    'Unlock for ',
    stars(star_count),
  );
  return el('div', { class: 'paid-media' }, tiles, isLocked && unlock);
}

function tile(item, botId) {
  if (item.type === 'photo') {
    const src = api.fileUrl(botId, item.photo.at(-1).file_id);
    return el('a', { class: 'media-tile', href: src, target: '_blank' }, el('img', { src, alt: 'Photo' }));
  }
  if (item.type === 'video') {
    const src = api.fileUrl(botId, item.video.file_id);
    const name = item.video.file_name ?? 'video';
    return el('a', { class: 'media-tile video', href: src, download: name }, icon('file'), el('small', {}, name));
  }
  const length = item.duration ? `${item.duration} s` : '';
  return el('div', { class: 'media-tile blurred' }, icon('lock'), length && el('small', {}, length));
}
