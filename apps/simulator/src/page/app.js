/** The chat page: who I am, my bots, the open chat. */
import { api, watch } from './api.js';
import { ChatPanel } from './chat.js';
import { alertDialog, newBotDialog, newUserDialog, topUpDialog, userDialog } from './dialogs.js';
import { avatar, el, icon, stars, time, toast } from './dom.js';
import { preview } from './messages.js';
import { paySheet } from './pay.js';

const REMEMBERED_USER = 'simulator.user';
const root = document.getElementById('app');
const main = document.getElementById('main');

/** `open` is a bot's id, 'inbox', or undefined; `payload` waits for the Start button after a deep link. */
const state = {
  users: [],
  user: undefined,
  chats: [],
  inbox: [],
  open: undefined,
  payload: undefined,
  seen: new Map(),
};

const panel = new ChatPanel(main, {
  user: () => state.user,
  users: () => state.users,
  payload: () => state.payload,
  forgetPayload: () => {
    state.payload = undefined;
  },
  openLink,
  refresh: () => refreshChat(),
  back: () => openChat(undefined),
});

async function refreshUsers() {
  state.users = await api.users();
  const wanted = state.user?.id ?? Number(localStorage.getItem(REMEMBERED_USER));
  state.user = state.users.find((user) => user.id === wanted) ?? state.users[0];
  renderMe();
}

async function refreshChats() {
  if (state.user === undefined) {
    state.chats = [];
    state.inbox = [];
  } else {
    const [chats, details] = await Promise.all([api.chats(state.user.id), api.user(state.user.id)]);
    state.chats = chats;
    state.inbox = details.inbox;
  }
  renderChats();
}

async function refreshChat() {
  if (state.open === 'inbox') return renderInbox();
  if (state.open === undefined || state.user === undefined) return renderNothing();
  const { open, user } = state;
  const view = await api.chat(open, user.id).catch(() => undefined);
  if (state.open !== open || state.user?.id !== user.id) return;
  if (view === undefined) return openChat(undefined);
  state.seen.set(open, view.messages.at(-1)?.message_id ?? 0);
  panel.show(view);
  renderChats();
}

async function refreshAll() {
  await refreshUsers();
  await refreshChats();
  await refreshChat();
}

function openChat(which, payload) {
  state.open = which;
  state.payload = payload;
  root.classList.toggle('chat-open', which !== undefined);
  const bot = state.chats.find((chat) => chat.bot.id === which)?.bot;
  history.replaceState(null, '', bot === undefined ? '#' : `#/${bot.username}`);
  renderChats();
  return refreshChat();
}

async function becomeUser(id) {
  localStorage.setItem(REMEMBERED_USER, String(id));
  state.user = undefined;
  state.seen.clear();
  await refreshUsers();
  await refreshChats();
  for (const chat of state.chats) state.seen.set(chat.bot.id, chat.lastMessage?.message_id ?? 0);
  renderChats();
  if (state.open === 'inbox') await openChat(undefined);
  else await refreshChat();
}

/** Links into Telegram stay here: bots, deep links and invoices. Everything else goes to a new tab. */
async function openLink(url, event) {
  const target = /^(?:https?:\/\/(?:t|telegram)\.me\/|tg:\/\/)(.+)$/i.exec(url)?.[1];
  if (target === undefined) return;
  event.preventDefault();
  const username = /^(?:resolve\?domain=)?([a-zA-Z]\w{3,31})(?:[?&]start=([\w-]{1,64}))?$/.exec(target);
  const bot = state.chats.find((chat) => chat.bot.username.toLowerCase() === username?.[1]?.toLowerCase())?.bot;
  if (bot !== undefined) return openChat(bot.id, username[2]);
  try {
    const invoice = await api.invoice(url);
    paySheet(invoice, { userId: state.user.id, link: url }, () => state.user);
  } catch (problem) {
    toast(problem.message);
  }
}

function renderMe() {
  const me = document.getElementById('me');
  const wallet = document.getElementById('wallet');
  wallet.hidden = state.user === undefined;
  if (state.user === undefined) {
    me.replaceChildren(el('span', { class: 'avatar plus' }, icon('plus')), el('strong', {}, 'New buyer'));
    return;
  }
  const { id, first_name, username, balance } = state.user;
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

function renderChats() {
  const rows = state.chats.toSorted((a, b) => (b.lastMessage?.date ?? 0) - (a.lastMessage?.date ?? 0)).map(chatRow);
  const inbox = state.inbox.length > 0 && inboxRow();
  const empty =
    rows.length === 0 &&
    el(
      'p',
      { class: 'empty' },
      'There are no bots yet. A program makes them with the control API, or you do with “New bot”.',
    );
  document.getElementById('chats').replaceChildren(...[inbox, ...rows, empty].filter(Boolean));
}

function chatRow({ bot, lastMessage, blocked, shortDescription }) {
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

function inboxRow() {
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

function renderInbox() {
  const card = ({ from, invoice, url, id, date }) => {
    const pay = () => paySheet({ ...invoice }, { userId: state.user.id, forwardId: id }, () => state.user);
    const action = url
      ? el('a', { class: 'key', href: url, onclick: (event) => openLink(url, event) }, url.replace('https://', ''))
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
      el('span', {}, `by way of @${invoice.botUsername}`),
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
    { class: 'round back', type: 'button', 'aria-label': 'Back to the chats', onclick: () => openChat(undefined) },
    icon('back'),
  );
  const head = el(
    'header',
    { class: 'chat-head' },
    back,
    el('span', { class: 'avatar plus' }, icon('inbox')),
    el('div', { class: 'row-text' }, el('strong', {}, 'Forwarded to you'), el('small', {}, 'invoices from friends')),
  );
  main.replaceChildren(
    el('section', { class: 'chat' }, head, el('div', { class: 'messages' }, ...state.inbox.map(card))),
  );
}

function renderNothing() {
  const hint =
    state.user === undefined ? 'Make a buyer first: the button at the top left.' : 'Choose a bot to talk to.';
  main.replaceChildren(el('div', { class: 'nothing' }, el('span', {}, hint)));
}

/** Runs `work` soon, once for many requests. */
function soon(work) {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      work().catch((problem) => toast(problem.message));
    }, 30);
  };
}

const soonUsers = soon(refreshUsers);
const soonChats = soon(refreshChats);
const soonChat = soon(refreshChat);
const soonAll = soon(refreshAll);

function onChange(change) {
  const mine = change.userId === undefined || change.userId === state.user?.id;
  const open = mine && change.botId === state.open;
  if (change.type === 'reset' || change.type === 'users') soonAll();
  else if (change.type === 'bots') {
    soonChats();
    soonChat();
  } else if (change.type === 'wallet') {
    soonUsers();
    if (mine) soonChat();
  } else if (change.type === 'inbox' && mine) soonChats();
  else if (change.type === 'chat' && mine) {
    soonChats();
    if (open) soonChat();
  } else if (change.type === 'typing' && open) panel.typing();
  else if (change.type === 'callback_answer' && mine) {
    panel.answered(change.callbackQueryId);
    if (change.text !== '') (change.showAlert ? alertDialog : toast)(change.text);
    if (change.url !== undefined) openLink(change.url, new Event('open', { cancelable: true }));
  }
}

const makeUser = () => newUserDialog((user) => becomeUser(user.id));

document.getElementById('me').addEventListener('click', async () => {
  if (state.user === undefined) return makeUser();
  await refreshUsers();
  userDialog(state.users, state.user, becomeUser, makeUser);
});
document.getElementById('wallet').addEventListener('click', () => topUpDialog(state.user));
document.getElementById('new-bot').addEventListener('click', () => newBotDialog(() => soonChats()));
window.addEventListener('hashchange', openFromHash);

/** `#/<bot username>?start=<payload>` opens a chat, as `t.me/<bot username>?start=<payload>` does. */
function openFromHash() {
  const [, username, payload] = /^#\/(\w+)(?:\?start=([\w-]+))?/.exec(location.hash) ?? [];
  const bot = state.chats.find((chat) => chat.bot.username.toLowerCase() === username?.toLowerCase())?.bot;
  if (bot !== undefined) return openChat(bot.id, payload);
}

await refreshUsers();
await refreshChats();
for (const chat of state.chats) state.seen.set(chat.bot.id, chat.lastMessage?.message_id ?? 0);
renderNothing();
await openFromHash();
watch(onChange, soonAll);
