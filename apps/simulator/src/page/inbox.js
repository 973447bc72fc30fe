/** Invoices that friends have forwarded. */
import { el, icon, stars, time } from './dom.js';

/**
 * The list of forwarded invoices.
 * @param actions `{ openLink(url, event), pay(forward), back() }`
 */
export function inboxPanel(forwards, actions) {
  const card = (forward) => {
    const { from, invoice, url, date } = forward;
    const pay = () => actions.pay(forward);
    const action = url
      ? el(
          'a',
          { class: 'key', href: url, onclick: (event) => actions.openLink(url, event) },
          url.replace('https://', ''),
        )
      : el('button', { class: 'key pay-key', type: 'button', onclick: pay }, 'Pay ', stars(invoice.amount));
    const text = el(
      'div',
      { class: 'invoice-text' },
      el('h3', {}, invoice.title),
      el('p', {}, invoice.description),
      el('p', { class: 'invoice-price' }, stars(invoice.amount)),
    );
    const quote = el(
      'div',
      { class: 'quote' },
      el('strong', {}, `From ${from.first_name}`),
      el('span', {}, `via @${invoice.botUsername}`),
    );
    return el(
      'article',
      { class: 'message theirs' },
      el('div', { class: 'bubble' }, quote, text, el('span', { class: 'stamp' }, time(date))),
      el('div', { class: 'keyboard' }, el('div', { class: 'keys' }, action)),
    );
  };
  const back = el(
    'button',
    { class: 'round back', type: 'button', 'aria-label': 'Back to the chats', onclick: () => actions.back() },
    icon('back'),
  );
  const head = el(
    'header',
    { class: 'chat-head' },
    back,
    el('span', { class: 'avatar plus' }, icon('inbox')),
    el('div', { class: 'row-text' }, el('strong', {}, 'Forwarded to you'), el('small', {}, 'invoices from friends')),
  );
  return el('section', { class: 'chat' }, head, el('div', { class: 'messages' }, ...forwards.map(card)));
}
