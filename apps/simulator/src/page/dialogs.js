/** The dialogs of the page. */
import { api } from './api.js';
import { field, formDialog, heading, openDialog } from './dialog.js';
import { avatar, el, icon, star, stars, toast } from './dom.js';

export function newUserDialog(onCreated) {
  const fields = [
    field('First name', { name: 'first_name', required: true, maxLength: 64, autofocus: true }),
    field(
      'Username',
      { name: 'username', pattern: '[a-zA-Z]\\w{3,31}', placeholder: 'optional' },
      '4 to 32 letters, digits and underscores',
    ),
    field(
      'Language',
      { name: 'language_code', value: 'en', pattern: '[a-z]{2,3}(-[a-zA-Z]+)*' },
      'The language that bots see, for example en, ru or de',
    ),
  ];
  const create = (values) =>
    api.createUser(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')));
  formDialog('A new buyer', fields, 'Create', create, onCreated);
}

export function newBotDialog(onCreated) {
  const fields = [
    field('Name', { name: 'name', required: true, maxLength: 64, autofocus: true, placeholder: 'Star Shop' }),
    field(
      'Username',
      { name: 'username', required: true, pattern: '[a-zA-Z]\\w{3,31}', placeholder: 'star_shop_bot' },
      'As with @BotFather: 4 to 32 letters, digits and underscores',
    ),
  ];
  formDialog(
    'A new bot',
    fields,
    'Create',
    (values) => api.createBot(values),
    (bot) => {
      onCreated(bot);
      tokenDialog(bot);
    },
  );
}

function tokenDialog(bot) {
  let dialog;
  const copy = () => navigator.clipboard.writeText(bot.token).then(() => toast('Token copied'));
  dialog = openDialog('Bot token', [
    heading(`@${bot.username} is ready`, () => dialog),
    el('p', {}, 'This is its token. It works with this simulator only, and it is shown once.'),
    el('code', { class: 'token' }, bot.token),
    el('button', { class: 'primary', type: 'button', onclick: copy }, 'Copy token'),
  ]);
}

export function userDialog(users, current, onChoose, onNew) {
  let dialog;
  const row = (user) =>
    el(
      'button',
      {
        class: 'row',
        type: 'button',
        'aria-current': user.id === current?.id ? 'true' : undefined,
        onclick: () => {
          dialog.close();
          onChoose(user.id);
        },
      },
      avatar(user.id, user.first_name),
      el(
        'span',
        { class: 'row-text' },
        el('strong', {}, user.first_name),
        el('small', {}, user.username ? `@${user.username}` : `id ${user.id}`),
      ),
      stars(user.balance),
    );
  const add = el(
    'button',
    {
      class: 'row add',
      type: 'button',
      onclick: () => {
        dialog.close();
        onNew();
      },
    },
    el('span', { class: 'avatar plus' }, icon('plus')),
    el('strong', {}, 'New buyer'),
  );
  dialog = openDialog('Buyers', [
    heading('Who are you?', () => dialog),
    el('div', { class: 'rows' }, ...users.map(row), add),
  ]);
}

const PACKS = [50, 100, 250, 500, 1000, 2500];

/** Adds Stars to the wallet, free of charge. */
export function topUpDialog(user, onDone) {
  let dialog;
  const buy = async (amount) => {
    const richer = await api.topUp(user.id, amount);
    dialog.close();
    toast(`${amount.toLocaleString('en')} Stars added`);
    onDone?.(richer);
  };
  const pack = (amount, index) =>
    el(
      'button',
      { class: 'pack', type: 'button', autofocus: index === 0, onclick: () => buy(amount) },
      star(),
      el('strong', {}, amount.toLocaleString('en')),
      el('small', {}, 'free here'),
    );
  const own = el('input', {
    type: 'number',
    name: 'amount',
    min: 1,
    max: 1000000,
    step: 1,
    required: true,
    placeholder: 'Another amount',
    'aria-label': 'Another amount',
  });
  const onsubmit = (event) => {
    event.preventDefault();
    buy(Number(own.value)).catch((problem) => toast(problem.message));
  };
  dialog = openDialog(
    'Top up',
    [
      heading('Get Stars', () => dialog),
      el('p', { class: 'balance-line' }, 'Your balance: ', stars(user.balance)),
      el('div', { class: 'packs' }, ...PACKS.map(pack)),
      el('form', { class: 'own-amount', onsubmit }, own, el('button', { class: 'primary', type: 'submit' }, 'Add')),
    ],
    { sheet: true },
  );
}

export function alertDialog(text) {
  let dialog;
  dialog = openDialog('Message', [
    el('p', { class: 'alert-text' }, text),
    el('button', { class: 'primary', type: 'button', autofocus: true, onclick: () => dialog.close() }, 'OK'),
  ]);
}

export function receiptDialog(rows, title) {
  let dialog;
  const line = ([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  dialog = openDialog(title, [heading(title, () => dialog), el('dl', { class: 'receipt' }, ...rows.map(line))]);
}

export function forwardDialog(users, current, onChoose) {
  const others = users.filter((user) => user.id !== current.id);
  let dialog;
  const row = (user) =>
    el(
      'button',
      {
        class: 'row',
        type: 'button',
        onclick: () => {
          dialog.close();
          onChoose(user);
        },
      },
      avatar(user.id, user.first_name),
      el('strong', {}, user.first_name),
    );
  const nobody = el('p', {}, 'There is no one else. Create another buyer first.');
  dialog = openDialog('Forward', [
    heading('Forward to', () => dialog),
    el('div', { class: 'rows' }, ...(others.length ? others.map(row) : [nobody])),
  ]);
}
