/** The account page: subscriptions, gifts, connected bots, language, and time. */
import { api } from './api.js';
import { businessDialog } from './bot-dialogs.js';
import { formDialog } from './dialog.js';
import { el, icon, stars, toast } from './dom.js';
import { each, select } from './shared-dialogs.js';

const HOUR = 3600;
const JUMPS = [
  ['+1 hour', HOUR],
  ['+1 day', 24 * HOUR],
  ['+30 days', 30 * 24 * HOUR],
];
const VERBS = {
  active: [
    ['Cancel', 'cancel'],
    ['Renew now', 'renew'],
    ['Let it fail', 'fail'],
  ],
  canceled: [['Resume', 'resume']],
  failed: [
    ['Renew', 'renew'],
    ['Cancel', 'cancel'],
  ],
  ended: [],
};

const date = (seconds) => new Date(seconds * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

async function act(work) {
  try {
    await work();
  } catch (problem) {
    toast(problem.message);
  }
}

const chip = (text, work) => el('button', { class: 'chip', type: 'button', onclick: () => act(work) }, text);

/**
 * @param account `user`, `users`, `bots`, `sharedChats`, `subscriptions`, `gifts`, `connections` and `now`
 * @param back called to return to the list of chats
 */
export function accountPanel(account, back) {
  const head = el(
    'header',
    { class: 'chat-head' },
    el(
      'button',
      { class: 'round back', type: 'button', 'aria-label': 'Back to the chats', onclick: back },
      icon('back'),
    ),
    el('span', { class: 'avatar plus' }, icon('person')),
    el('div', { class: 'row-text' }, el('strong', {}, 'My account'), el('small', {}, account.user.first_name)),
  );
  const sections = [clock, subscriptions, gifts, connections, language].map((make) => make(account));
  return el('section', { class: 'chat' }, head, el('div', { class: 'messages account' }, ...sections));
}

function section(title, empty, rows, ...actions) {
  const body = rows.length ? rows : [el('p', { class: 'soft' }, empty)];
  const foot = actions.length > 0 && el('div', { class: 'chips' }, ...actions);
  return el('section', { class: 'card', 'aria-label': title }, el('h2', {}, title), ...body, foot);
}

const clock = ({ now }) =>
  section(
    'Time',
    '',
    [el('p', {}, `It is ${date(Date.parse(now) / 1000)} here. Advancing it renews subscriptions and ends offers.`)],
    ...JUMPS.map(([text, seconds]) => chip(text, () => api.advance(seconds))),
  );

function subscriptions({ subscriptions: list, bots, sharedChats }) {
  const sellerName = ({ type, botId, chatId }) =>
    type === 'bot' ? bots.find(({ id }) => id === botId)?.name : sharedChats.find(({ id }) => id === chatId)?.title;
  const row = (subscription) => {
    const { id, title, amount, period, state, expiresAt, canceledBy, seller } = subscription;
    const isLocked = state === 'canceled' && canceledBy === 'bot';
    return el(
      'article',
      { class: 'item' },
      el(
        'div',
        { class: 'row-text' },
        el('strong', {}, title),
        el('small', {}, `${sellerName(seller) ?? 'gone'} · ${isLocked ? 'canceled by the bot' : state}`),
        el('small', {}, `paid until ${date(expiresAt)}`),
      ),
      el('span', { class: 'price' }, stars(amount), el('small', {}, each(period))),
      el(
        'div',
        { class: 'chips' },
        ...(isLocked ? [] : VERBS[state]).map(([text, verb]) => chip(text, () => api.changeSubscription(id, verb))),
      ),
    );
  };
  return section('Subscriptions', 'You have none.', list.map(row));
}

function gifts({ gifts: list, user, users }) {
  const row = ({ gift, sender, text, unique }) =>
    el(
      'article',
      { class: 'item' },
      el('span', { class: 'gift' }, gift.sticker.emoji),
      el(
        'div',
        { class: 'row-text' },
        el('strong', {}, unique?.name ?? `A gift from ${sender.first_name}`),
        el('small', {}, text || (unique ? `from ${sender.first_name}` : '')),
      ),
      el('span', { class: 'price' }, stars(gift.star_count)),
    );
  return section(
    'Gifts',
    'You have no gifts yet.',
    list.map(row),
    chip('Give a gift', () => giveDialog(user, users)),
  );
}

async function giveDialog(user, users) {
  const friends = users.filter(({ id }) => id !== user.id);
  if (friends.length === 0) return toast('There is no one else. Create another buyer first.');
  const shelf = await api.gifts();
  const fields = [
    select(
      'toUserId',
      'To',
      friends.map(({ id, first_name }) => [id, first_name]),
    ),
    select(
      'giftId',
      'Gift',
      shelf.map(({ id, sticker, star_count }) => [id, `${sticker.emoji} for ${star_count} Stars`]),
    ),
  ];
  const give = ({ toUserId, giftId }) => api.giveGift({ fromUserId: user.id, toUserId: Number(toUserId), giftId });
  formDialog('Give a gift', fields, 'Give', give, () => toast('The gift was sent'));
}

function connections({ connections: list, bots, user }) {
  const row = ({ botId, rights, is_enabled }) => {
    const bot = bots.find(({ id }) => id === botId);
    const count = Object.keys(rights).length;
    return el(
      'article',
      { class: 'item' },
      el(
        'div',
        { class: 'row-text' },
        el('strong', {}, bot?.name ?? 'A bot'),
        el('small', {}, is_enabled ? `connected · ${count} ${count === 1 ? 'right' : 'rights'}` : 'disconnected'),
      ),
      el(
        'div',
        { class: 'chips' },
        chip('Rights', () => businessDialog(bot, user, Object.keys(rights))),
        is_enabled && chip('Disconnect', () => api.connect(botId, user.id, { rights: [], isEnabled: false })),
      ),
    );
  };
  return section('Bots that act for me', 'Connect one from its chat, when its business mode is on.', list.map(row));
}

function language({ user }) {
  const form = el(
    'form',
    {
      class: 'own-amount',
      onsubmit: (event) => {
        event.preventDefault();
        act(() => api.setLanguage(user.id, event.target.elements.code.value));
      },
    },
    el('input', {
      name: 'code',
      defaultValue: user.language_code ?? '',
      required: true,
      pattern: '[a-z]{2,3}(-[a-zA-Z]+)*',
      autocomplete: 'off',
      'aria-label': 'Language',
    }),
    el('button', { class: 'primary', type: 'submit' }, 'Set'),
  );
  return section('Language', '', [
    el('p', { class: 'soft' }, 'The language that bots see, for example en or ru.'),
    form,
  ]);
}
