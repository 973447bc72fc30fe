/** Message bubbles, invoice cards and service messages. */
import { api } from './api.js';
import { receiptDialog } from './dialogs.js';
import { bytes, day, el, icon, star, starred, stars, time } from './dom.js';
import { paidMedia } from './paid-media.js';
import { link, richText } from './rich-text.js';

/**
 * All messages of a chat.
 * @param view `messages`, `user`, and either `bot` or `isShared`
 * @param actions `{ open, press(message, button, node), pay(message), unlock(message), forward(message) }`
 */
export function messageList(view, actions) {
  const nodes = [];
  let lastDay = '';
  for (const message of view.messages) {
    const its = day(message.date);
    if (its !== lastDay) nodes.push(el('div', { class: 'day' }, el('span', {}, its)));
    lastDay = its;
    nodes.push(isService(message) ? service(message, view) : bubble(message, view, actions));
  }
  return nodes;
}

const isService = (message) => isPayment(message) || movement(message) !== undefined;
const isPayment = (message) => message.successful_payment !== undefined || message.refunded_payment !== undefined;

/** One line about a person who joined or left. */
function movement(message) {
  const { new_chat_members, left_chat_member, migrate_to_chat_id, migrate_from_chat_id } = message;
  if (new_chat_members) return `${new_chat_members.map(({ first_name }) => first_name).join(', ')} joined`;
  if (left_chat_member) return `${left_chat_member.first_name} left`;
  if (migrate_to_chat_id) return 'The group became a supergroup';
  return migrate_from_chat_id ? 'This supergroup was a group' : undefined;
}

/** A one-line preview for the list of chats. */
export function preview(message) {
  const moved = movement(message);
  if (moved) return moved;
  if (message.paid_media) return `Paid media: ${message.paid_media.star_count} Stars`;
  if (message.successful_payment) return `You paid ${message.successful_payment.total_amount} Stars`;
  if (message.refunded_payment) return `${message.refunded_payment.total_amount} Stars came back`;
  if (message.invoice) return `Invoice: ${message.invoice.title}`;
  if (message.animation) return message.caption ?? 'GIF';
  if (message.document) return message.document.file_name ?? 'Document';
  if (message.photo) return message.caption ?? 'Photo';
  if (message.video) return message.caption ?? 'Video';
  if (message.voice) return message.caption ?? 'Voice message';
  if (message.audio) return message.audio.title ?? 'Audio';
  if (message.contact) return `Contact: ${message.contact.first_name}`;
  if (message.venue) return message.venue.title;
  if (message.location) return 'Location';
  return message.text ?? '';
}

function service(message, view) {
  const moved = movement(message);
  if (moved) return el('div', { class: 'day' }, el('span', {}, moved));
  const payment = message.successful_payment ?? message.refunded_payment;
  const paid = message.successful_payment !== undefined;
  const rows = [
    ['Amount', stars(payment.total_amount)],
    ['Bot', view.bot.name],
    ['Date', new Date(message.date * 1000).toLocaleString()],
    ['Transaction', el('code', {}, payment.telegram_payment_charge_id)],
  ];
  const text = paid
    ? ['You paid ', stars(payment.total_amount), ` to ${view.bot.name}`]
    : [`${view.bot.name} returned `, stars(payment.total_amount)];
  const onclick = () => receiptDialog(rows, paid ? 'Receipt' : 'Refund');
  return el(
    'div',
    { class: 'service', id: `message-${message.message_id}` },
    el('button', { type: 'button', onclick, title: 'Show the receipt' }, ...text),
  );
}

function bubble(message, view, actions) {
  const side = message.outgoing || (view.isShared && message.from?.id !== view.user.id) ? 'theirs' : 'mine';
  const sender = message.sender_chat?.title ?? message.from?.first_name;
  const stamp = el('span', { class: 'stamp' }, message.edit_date ? 'edited ' : '', el('time', {}, time(message.date)));
  const body = el(
    'div',
    { class: `bubble${message.photo ? ' with-photo' : ''}${message.edit_date ? ' edited' : ''}` },
    view.isShared && side === 'theirs' && el('strong', { class: 'sender' }, sender),
    message.via_bot && el('small', { class: 'via' }, `via @${message.via_bot.username}`),
    ...content(message, view, actions),
    stamp,
  );
  const keyboard = message.reply_markup && keyboardOf(message, actions);
  const reply =
    actions.reply &&
    el(
      'button',
      { class: 'reply', type: 'button', 'aria-label': 'Reply', title: 'Reply', onclick: () => actions.reply(message) },
      icon('reply'),
    );
  const who = side === 'mine' ? 'You' : (sender ?? view.bot.name);
  return el(
    'article',
    { class: `message ${side}`, id: `message-${message.message_id}`, 'aria-label': `${who}, ${time(message.date)}` },
    body,
    reply,
    keyboard,
  );
}

function content(message, view, actions) {
  const parts = [];
  const origin = message.forward_origin;
  const author = origin?.sender_user?.first_name ?? (origin?.chat ?? origin?.sender_chat)?.title;
  if (author) parts.push(el('small', { class: 'via' }, `Forwarded from ${author}`));
  const original = message.reply_to_message;
  if (original)
    parts.push(
      el(
        'div',
        { class: 'quote' },
        el('strong', {}, original.from?.first_name ?? original.sender_chat?.title ?? ''),
        el('span', {}, starred(preview(original))),
      ),
    );
  if (message.invoice) parts.push(...invoiceCard(message, actions));
  if (message.paid_media) parts.push(paidMedia(message, fileBot(message, view), actions));
  if (message.photo) parts.push(photo(message, view));
  if (message.document) parts.push(documentRow(message.document, fileBot(message, view)));
  if (message.video) parts.push(documentRow(message.video, fileBot(message, view)));
  if (message.voice) parts.push(documentRow({ file_name: 'Voice message', ...message.voice }, fileBot(message, view)));
  if (message.audio) parts.push(documentRow(message.audio, fileBot(message, view)));
  const place = [message.venue?.title, message.venue?.address].filter(Boolean);
  if (message.location) place.push(`${message.location.latitude}, ${message.location.longitude}`);
  if (message.contact) place.push(`${message.contact.first_name} ${message.contact.phone_number}`);
  if (place.length > 0) parts.push(el('div', { class: 'text' }, place.join('\n')));
  const [text, entities] =
    message.text === undefined ? [message.caption, message.caption_entities] : [message.text, message.entities];
  if (text !== undefined) parts.push(el('div', { class: 'text' }, richText(text, entities, actions.open)));
  return parts;
}

/** Files belong to the bot that sent them. */
const fileBot = (message, view) => message.botId ?? view.bot.id;

function invoiceCard(message, actions) {
  const { invoice } = message;
  const share = el(
    'button',
    {
      class: 'share',
      type: 'button',
      'aria-label': 'Forward this invoice',
      title: 'Forward',
      onclick: () => actions.forward(message),
    },
    icon('forward'),
  );
  return [
    el('div', { class: 'invoice-art' }, star('huge'), share),
    el(
      'div',
      { class: 'invoice-text' },
      el('h3', {}, invoice.title),
      el('p', {}, invoice.description),
      el('p', { class: 'invoice-price' }, stars(invoice.total_amount)),
    ),
  ];
}

function photo(message, view) {
  const size = message.photo.at(-1);
  const src = api.fileUrl(fileBot(message, view), size.file_id);
  return el(
    'a',
    { href: src, target: '_blank', class: 'photo' },
    el('img', { src, alt: 'Photo', width: size.width, height: size.height, loading: 'lazy' }),
  );
}

function documentRow(file, botId) {
  const name = file.file_name ?? 'file';
  return el(
    'a',
    { class: 'document', href: api.fileUrl(botId, file.file_id), download: name },
    el('span', { class: 'document-icon' }, icon('file')),
    el('span', { class: 'row-text' }, el('strong', {}, name), el('small', {}, bytes(file.file_size))),
  );
}

function keyboardOf(message, actions) {
  const rows = message.reply_markup.inline_keyboard.map((row) =>
    el('div', { class: 'keys' }, ...row.map((button) => key(message, button, actions))),
  );
  return el('div', { class: 'keyboard' }, ...rows);
}

function key(message, button, actions) {
  if (button.pay) return payKey(message, button, actions);
  if (button.url) {
    const anchor = link(button.url, actions.open, { class: `key ${button.style ?? ''}` });
    anchor.append(...starred(button.text), icon('link'));
    return anchor;
  }
  if (button.copy_text) {
    const onclick = () => actions.copy(button.copy_text.text);
    return el(
      'button',
      { class: `key ${button.style ?? ''}`, type: 'button', onclick },
      starred(button.text),
      icon('copy'),
    );
  }
  if (button.callback_data) {
    const onclick = (event) => actions.press(message, button, event.currentTarget);
    return el('button', { class: `key ${button.style ?? ''}`, type: 'button', onclick }, starred(button.text));
  }
  return el(
    'button',
    { class: 'key', type: 'button', disabled: true, title: 'The simulator does not know this kind of button' },
    button.text,
  );
}

function payKey(message, button, actions) {
  if (message.receiptMessageId !== undefined) {
    const show = () =>
      document
        .getElementById(`message-${message.receiptMessageId}`)
        ?.scrollIntoView({ behavior: 'smooth', block: 'center' });
    return el('button', { class: 'key paid', type: 'button', onclick: show }, icon('check'), 'Receipt');
  }
  // Telegram shows both spellings as its Star icon.
  const parts = starred(button.text, /⭐\uFE0F?|XTR/u);
  return el('button', { class: 'key pay-key', type: 'button', onclick: () => actions.pay(message) }, ...parts);
}
