/** The left column: the current person and their chats. */
import { avatar, el, icon, keepingFocus, starred, stars, time } from './dom.js';
import { preview } from './messages.js';
import { chatIcon } from './shared-chat.js';

/** The current person with their balance; without a user, the invitation to create one. */
export function renderMe(user) {
  const me = document.getElementById('me');
  const wallet = document.getElementById('wallet');
  wallet.hidden = user === undefined;
  if (user === undefined) {
    me.replaceChildren(el('span', { class: 'avatar plus' }, icon('plus')), el('strong', {}, 'New buyer'));
    return;
  }
  const { id, first_name, username, balance } = user;
  me.setAttribute('aria-label', `You are ${first_name}. Switch buyer`);
  me.replaceChildren(
    avatar(id, first_name),
    el(
      'span',
      { class: 'row-text' },
      el('strong', {}, first_name),
      el('small', {}, username ? `@${username}` : 'Switch buyer'),
    ),
  );
  wallet.setAttribute('aria-label', `Balance ${balance} Stars. Top up`);
  wallet.replaceChildren(stars(balance), el('span', { class: 'plus-sign' }, icon('plus')));
}

/**
 * The list of chats, the newest conversation first.
 * @param state `user`, `chats`, `sharedChats` that the person is in, `inbox`, `open` and `seen` (the last message
 * seen, by chat)
 * @param openChat gets the id of a bot or chat, 'inbox' or 'account'
 */
export function renderChats(state, openChat) {
  const rows = [...state.chats.map(botLine), ...state.sharedChats.map(sharedLine)]
    .toSorted((a, b) => (b.lastMessage?.date ?? 0) - (a.lastMessage?.date ?? 0))
    .map((line) => chatRow(line, state, openChat));
  const account =
    state.user !== undefined &&
    placeRow('account', 'person', 'My account', 'Subscriptions, gifts, time', state, openChat);
  const friends = `${state.inbox.length} from friends`;
  const inbox = state.inbox.length > 0 && placeRow('inbox', 'inbox', 'Forwarded to you', friends, state, openChat);
  const empty =
    rows.length === 0 &&
    el(
      'p',
      { class: 'empty' },
      'There are no bots yet. Create one with “New bot”, or from a program through the control API.',
    );
  const list = document.getElementById('chats');
  keepingFocus(list, () => list.replaceChildren(...[account, inbox, ...rows, empty].filter(Boolean)));
}

const botLine = ({ bot, lastMessage, blocked, shortDescription }) => ({
  id: bot.id,
  face: avatar(bot.id, bot.name),
  title: bot.name,
  lastMessage,
  text: blocked ? 'Blocked' : lastMessage ? preview(lastMessage) : shortDescription || `@${bot.username}`,
});

const sharedLine = ({ id, type, title, lastMessage }) => ({
  id,
  face: chatIcon(type),
  title,
  lastMessage,
  text: lastMessage ? preview(lastMessage) : type,
});

function chatRow({ id, face, title, lastMessage, text }, state, openChat) {
  const isOpen = state.open === id;
  const isNew = !isOpen && lastMessage !== undefined && lastMessage.message_id > (state.seen.get(id) ?? 0);
  return el(
    'button',
    {
      class: `row${isOpen ? ' open' : ''}`,
      type: 'button',
      'aria-current': isOpen ? 'page' : undefined,
      onclick: () => openChat(id),
    },
    face,
    el('span', { class: 'row-text' }, el('strong', {}, title), el('small', {}, starred(text))),
    el(
      'span',
      { class: 'row-end' },
      lastMessage && el('time', {}, time(lastMessage.date)),
      isNew && el('span', { class: 'dot', role: 'img', 'aria-label': 'new' }),
    ),
  );
}

function placeRow(place, picture, title, text, state, openChat) {
  return el(
    'button',
    { class: `row${state.open === place ? ' open' : ''}`, type: 'button', onclick: () => openChat(place) },
    el('span', { class: 'avatar plus' }, icon(picture)),
    el('span', { class: 'row-text' }, el('strong', {}, title), el('small', {}, text)),
  );
}
