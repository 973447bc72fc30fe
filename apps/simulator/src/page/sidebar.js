/** The column at the left: me and my chats. */
import { avatar, el, icon, stars, time } from './dom.js';
import { preview } from './messages.js';

/** Who I am and what I have; no user: the invitation to make one. */
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
 * The list of bots, the newest conversation first.
 * @param state `chats`, `inbox`, `open` and `seen` (for each bot the last message that was looked at)
 * @param openChat gets a bot's id, or 'inbox'
 */
export function renderChats(state, openChat) {
  const rows = state.chats
    .toSorted((a, b) => (b.lastMessage?.date ?? 0) - (a.lastMessage?.date ?? 0))
    .map((chat) => chatRow(chat, state, openChat));
  const inbox = state.inbox.length > 0 && inboxRow(state, openChat);
  const empty =
    rows.length === 0 &&
    el(
      'p',
      { class: 'empty' },
      'There are no bots yet. A program makes them with the control API, or you do with “New bot”.',
    );
  document.getElementById('chats').replaceChildren(...[inbox, ...rows, empty].filter(Boolean));
}

function chatRow({ bot, lastMessage, blocked, shortDescription }, state, openChat) {
  const isOpen = state.open === bot.id;
  const isNew = !isOpen && lastMessage !== undefined && lastMessage.message_id > (state.seen.get(bot.id) ?? 0);
  const text = blocked ? 'Blocked' : lastMessage ? preview(lastMessage) : shortDescription || `@${bot.username}`;
  return el(
    'button',
    {
      class: `row${isOpen ? ' open' : ''}`,
      type: 'button',
      'aria-current': isOpen ? 'page' : undefined,
      onclick: () => openChat(bot.id),
    },
    avatar(bot.id, bot.name),
    el('span', { class: 'row-text' }, el('strong', {}, bot.name), el('small', {}, text)),
    el(
      'span',
      { class: 'row-end' },
      lastMessage && el('time', {}, time(lastMessage.date)),
      isNew && el('span', { class: 'dot', role: 'img', 'aria-label': 'new' }),
    ),
  );
}

function inboxRow(state, openChat) {
  return el(
    'button',
    { class: `row${state.open === 'inbox' ? ' open' : ''}`, type: 'button', onclick: () => openChat('inbox') },
    el('span', { class: 'avatar plus' }, icon('inbox')),
    el(
      'span',
      { class: 'row-text' },
      el('strong', {}, 'Forwarded to you'),
      el('small', {}, `${state.inbox.length} from friends`),
    ),
  );
}
