/** The control API, as far as the page needs it. */

async function send(method, path, body) {
  const response = await fetch(`/control${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(answer?.error?.message ?? `The simulator answered ${response.status}.`);
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
  sendText: (botId, userId, text) => send('POST', `/chats/${botId}/${userId}/messages`, { text }),
  start: (botId, userId, payload) => send('POST', `/chats/${botId}/${userId}/start`, payload ? { payload } : {}),
  press: (botId, userId, messageId, data) => send('POST', `/chats/${botId}/${userId}/presses`, { messageId, data }),
  setBlocked: (botId, userId, blocked) => send('PUT', `/chats/${botId}/${userId}/blocked`, { blocked }),
  pay: (what) => send('POST', '/payments', what),
  invoice: (link) => send('GET', `/invoices?link=${encodeURIComponent(link)}`),
  forward: (what) => send('POST', '/forwards', what),
  fileUrl: (botId, fileId) => `/control/files/${botId}/${encodeURIComponent(fileId)}`,
};

/** Calls `onChange` for everything that happens, and `onReconnect` when events may have been missed. */
export function watch(onChange, onReconnect) {
  const events = new EventSource('/control/events');
  let wasOpen = false;
  events.onopen = () => {
    if (wasOpen) onReconnect();
    wasOpen = true;
  };
  events.onmessage = (event) => onChange(JSON.parse(event.data));
}
