/** The control API, as far as the page needs it. */
import { released } from './dom.js';

/** Answers are drawn at once, so they wait for the end of a click: one on an element that was replaced is lost. */
async function send(method, path, body) {
  const response = await fetch(`/control${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.error?.message ?? `The simulator answered ${response.status}.`);
  await released();
  return answer;
}

export const api = {
  users: () => send('GET', '/users'),
  user: (id) => send('GET', `/users/${id}`),
  createUser: (user) => send('POST', '/users', user),
  createBot: (bot) => send('POST', '/bots', bot),
  topUp: (id, amount) => send('POST', `/users/${id}/top-ups`, { amount }),
  chats: (userId) => send('GET', `/users/${userId}/chats`),
  chat: (botId, userId) => send('GET', `/chats/${botId}/${userId}`),
  sendText: (botId, userId, text, repliesTo) => send('POST', `/chats/${botId}/${userId}/messages`, { text, repliesTo }),
  sendFile: (botId, userId, file, caption, repliesTo) =>
    send('POST', `/chats/${botId}/${userId}/messages`, { file, caption, repliesTo }),
  start: (botId, userId, payload) => send('POST', `/chats/${botId}/${userId}/start`, payload ? { payload } : {}),
  press: (botId, userId, messageId, data) => send('POST', `/chats/${botId}/${userId}/presses`, { messageId, data }),
  setBlocked: (botId, userId, blocked) => send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked }),
  pay: (what) => send('POST', '/payments', what),
  sharedChats: () => send('GET', '/shared-chats'),
  sharedChat: (chatId, userId) => send('GET', `/shared-chats/${chatId}?userId=${userId}`),
  createSharedChat: (chat) => send('POST', '/shared-chats', chat),
  setMember: (chatId, memberId, standing) => send('PUT', `/shared-chats/${chatId}/members/${memberId}`, standing),
  upgrade: (chatId) => send('POST', `/shared-chats/${chatId}/upgrade`, {}),
  post: (chatId, userId, text, repliesTo) =>
    send('POST', `/shared-chats/${chatId}/messages`, { userId, text, repliesTo }),
  pressIn: (chatId, userId, messageId, data) =>
    send('POST', `/shared-chats/${chatId}/presses`, { userId, messageId, data }),
  decideRequest: (chatId, userId, byId, approve) =>
    send('POST', `/shared-chats/${chatId}/requests/${userId}`, { byId, approve }),
  invite: (link) => send('GET', `/invites?link=${encodeURIComponent(link)}`),
  join: (userId, link) => send('POST', '/joins', { userId, link }),
  inlineQuery: (query) => send('POST', '/inline-queries', query),
  pick: (queryId, resultId, to) => send('POST', `/inline-queries/${queryId}/pick`, { resultId, to }),
  setUpBot: (botId, settings) => send('PUT', `/bots/${botId}/settings`, settings),
  setLanguage: (userId, code) => send('PUT', `/users/${userId}/language`, { language_code: code }),
  subscriptions: (userId) => send('GET', `/users/${userId}/subscriptions`),
  changeSubscription: (id, verb) => send('POST', `/subscriptions/${id}/${verb}`, {}),
  account: (userId) => send('GET', `/users/${userId}/account`),
  gifts: () => send('GET', '/gifts'),
  giveGift: (gift) => send('POST', '/gifts', gift),
  connect: (botId, userId, connection) => send('PUT', `/chats/${botId}/${userId}/business`, connection),
  clock: () => send('GET', '/clock'),
  advance: (seconds) => send('POST', '/clock', { advanceSeconds: seconds }),
  invoice: (link) => send('GET', `/invoices?link=${encodeURIComponent(link)}`),
  forward: (what) => send('POST', '/forwards', what),
  fileUrl: (botId, fileId) => `/control/files/${botId}/${encodeURIComponent(fileId)}`,
};

/** Calls `onChange` for every event, and `onReconnect` when events may have been missed. */
export function watch(onChange, onReconnect) {
  const events = new EventSource('/control/events');
  let wasOpen = false;
  events.onopen = () => {
    if (wasOpen) onReconnect();
    wasOpen = true;
  };
  events.onmessage = (event) => onChange(JSON.parse(event.data));
}
