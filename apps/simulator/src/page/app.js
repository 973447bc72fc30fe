/** The chat page: the current person, their bots, and the open chat. */
import { accountPanel } from './account.js';
import { api, watch } from './api.js';
import { ChatPanel } from './chat.js';
import { alertDialog, newBotDialog, newUserDialog, topUpDialog, userDialog } from './dialogs.js';
import { el, renew, toast } from './dom.js';
import { inboxPanel } from './inbox.js';
import { paySheet } from './pay.js';
import { SharedChatPanel, standingOf } from './shared-chat.js';
import { inviteDialog, newChatDialog } from './shared-dialogs.js';
import { renderChats, renderMe } from './sidebar.js';

/** Changes that the account page shows. */
const ACCOUNT_CHANGES = new Set(['subscriptions', 'gifts', 'clock', 'users']);
const REMEMBERED_USER = 'simulator.user';
const root = document.getElementById('app');
const main = document.getElementById('main');

/**
 * `open` is the id of a bot or (below zero) of a chat, 'inbox', 'account', or undefined. `payload` is kept for the
 * Start button after a deep link.
 */
const state = {
  users: [],
  user: undefined,
  chats: [],
  sharedChats: [],
  inbox: [],
  open: undefined,
  payload: undefined,
  seen: new Map(),
};

const host = {
  user: () => state.user,
  users: () => state.users,
  bots: () => state.chats.map(({ bot }) => bot),
  payload: () => state.payload,
  forgetPayload: () => {
    state.payload = undefined;
  },
  openLink,
  refresh: () => refreshChat(),
  back: () => openChat(undefined),
};
const panel = new ChatPanel(main, host);
const sharedPanel = new SharedChatPanel(main, host);

const showChats = () => renderChats(state, openChat);

async function refreshUsers() {
  state.users = await api.users();
  const wanted = state.user?.id ?? Number(localStorage.getItem(REMEMBERED_USER));
  state.user = state.users.find((user) => user.id === wanted) ?? state.users[0];
  renderMe(state.user);
}

async function refreshChats() {
  if (state.user === undefined) {
    state.chats = [];
    state.sharedChats = [];
    state.inbox = [];
  } else {
    const { user } = state;
    const [chats, details, shared] = await Promise.all([api.chats(user.id), api.user(user.id), api.sharedChats()]);
    state.chats = chats;
    state.sharedChats = shared.filter((chat) => standingOf(chat, user) !== undefined && chat.migratedTo === undefined);
    state.inbox = details.inbox;
  }
  showChats();
}

async function refreshChat() {
  if (state.open === 'inbox') return renderInbox();
  if (state.open === undefined || state.user === undefined) return renderNothing();
  if (state.open === 'account') return renderAccount();
  const { open, user } = state;
  const ask = open < 0 ? api.sharedChat : (id, userId) => api.chat(id, userId);
  const view = await ask(open, user.id).catch(() => undefined);
  if (state.open !== open || state.user?.id !== user.id) return;
  if (view === undefined) return openChat(undefined);
  state.seen.set(open, view.messages.at(-1)?.message_id ?? 0);
  if (open < 0) sharedPanel.show(view);
  else panel.show(view);
  showChats();
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
  showChats();
  return refreshChat();
}

function seeAll() {
  for (const { bot, lastMessage } of state.chats) state.seen.set(bot.id, lastMessage?.message_id ?? 0);
  for (const { id, lastMessage } of state.sharedChats) state.seen.set(id, lastMessage?.message_id ?? 0);
}

async function becomeUser(id) {
  localStorage.setItem(REMEMBERED_USER, String(id));
  state.user = undefined;
  state.seen.clear();
  await refreshUsers();
  await refreshChats();
  seeAll();
  showChats();
  if (typeof state.open === 'string' || state.open < 0) await openChat(undefined);
  else await refreshChat();
}

/** Links to Telegram open in the page: bots, deep links and invoices. Other links open in a new tab. */
async function openLink(url, event) {
  const target = /^(?:https?:\/\/(?:t|telegram)\.me\/|tg:\/\/)(.+)$/i.exec(url)?.[1];
  if (target === undefined) return;
  event.preventDefault();
  const username = /^(?:resolve\?domain=)?([a-zA-Z]\w{3,31})(?:[?&]start=([\w-]{1,64}))?$/.exec(target);
  const bot = state.chats.find((chat) => chat.bot.username.toLowerCase() === username?.[1]?.toLowerCase())?.bot;
  if (bot !== undefined) return openChat(bot.id, username[2]);
  try {
    if (/^(?:\+|joinchat\/|join\?invite=)/.test(target)) return await openInvite(url);
    const invoice = await api.invoice(url);
    paySheet(invoice, { userId: state.user.id, link: url }, () => state.user);
  } catch (problem) {
    toast(problem.message);
  }
}

async function openInvite(url) {
  inviteDialog(await api.invite(url), url, state.user, async (chatId) => {
    await refreshChats();
    await openChat(chatId);
  });
}

async function renderAccount() {
  const { user } = state;
  const [subscriptions, account, { now }, sharedChats] = await Promise.all([
    api.subscriptions(user.id),
    api.account(user.id),
    api.clock(),
    api.sharedChats(),
  ]);
  if (state.open !== 'account' || state.user?.id !== user.id) return;
  const known = { user: state.user, users: state.users, bots: host.bots(), sharedChats };
  renew(
    main,
    accountPanel({ ...known, ...account, subscriptions, now }, () => openChat(undefined)),
  );
}

function renderInbox() {
  const pay = ({ invoice, id }) => paySheet({ ...invoice }, { userId: state.user.id, forwardId: id }, () => state.user);
  main.replaceChildren(inboxPanel(state.inbox, { openLink, pay, back: () => openChat(undefined) }));
}

function renderNothing() {
  const hint =
    state.user === undefined ? 'Create a buyer first: the button at the top left.' : 'Choose a bot to talk to.';
  main.replaceChildren(el('div', { class: 'nothing' }, el('span', {}, hint)));
}

/** Runs `work` soon, and only once for many calls. */
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
  if (state.open === 'account' && mine && ACCOUNT_CHANGES.has(change.type)) soonChat();
  if (change.type === 'reset' || change.type === 'users') soonAll();
  else if (change.type === 'shared_chat') {
    soonChats();
    if (change.chatId === state.open) soonChat();
  } else if (change.type === 'bots') {
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
document.getElementById('new-chat').addEventListener('click', () => {
  if (state.user === undefined) return makeUser();
  newChatDialog(state.user, async (chat) => {
    await refreshChats();
    await openChat(chat.id);
  });
});
window.addEventListener('hashchange', openFromHash);

/** `#/<bot username>?start=<payload>` opens a chat, as `t.me/<bot username>?start=<payload>` does. */
function openFromHash() {
  const [, username, payload] = /^#\/(\w+)(?:\?start=([\w-]+))?/.exec(location.hash) ?? [];
  const bot = state.chats.find((chat) => chat.bot.username.toLowerCase() === username?.toLowerCase())?.bot;
  if (bot !== undefined) return openChat(bot.id, payload);
}

await refreshUsers();
await refreshChats();
seeAll();
renderNothing();
await openFromHash();
watch(onChange, soonAll);
