/** Members, rights, links and requests of groups and channels. */
import { api } from './api.js';
import { field, formDialog, heading, openDialog } from './dialog.js';
import { avatar, el, stars, toast } from './dom.js';

const RIGHTS = [
  ['can_invite_users', 'invite people'],
  ['can_restrict_members', 'remove people'],
  ['can_post_messages', 'post messages', 'channel'],
  ['can_delete_messages', 'delete messages'],
  ['can_pin_messages', 'pin messages', 'group', 'supergroup'],
  ['can_promote_members', 'add administrators'],
];
const KINDS = { creator: 'owner', administrator: 'administrator', member: 'member', kicked: 'banned', left: 'left' };

export const each = (period) =>
  period >= 2_592_000 ? 'a month' : `each ${period === 60 ? 'minute' : `${Math.round(period / 60)} minutes`}`;

export const select = (name, label, options) =>
  el(
    'label',
    { class: 'field' },
    el('span', {}, label),
    el('select', { name }, ...options.map(([value, text]) => el('option', { value }, text))),
  );

export const checkbox = (name, text, checked) =>
  el('label', { class: 'check' }, el('input', { type: 'checkbox', name, checked }), el('span', {}, text));

export function newChatDialog(user, onCreated) {
  const fields = [
    field('Title', { name: 'title', required: true, maxLength: 128, autofocus: true, placeholder: 'VIP' }),
    select('type', 'Kind', [
      ['channel', 'Channel'],
      ['supergroup', 'Supergroup'],
      ['group', 'Group'],
    ]),
  ];
  const create = ({ title, type }) => api.createSharedChat({ title, type, ownerId: user.id });
  formDialog('A new group or channel', fields, 'Create', create, onCreated);
}

/** The list of members, which the owner and administrators can change. */
export function membersDialog(chat, user, { users, bots }, onChanged) {
  const rank = chat.members.find((member) => member.user.id === user.id)?.status;
  const isAdmin = rank === 'creator' || rank === 'administrator';
  let dialog;
  const edit = (member) => {
    dialog.close();
    memberDialog(chat, user, member, onChanged);
  };
  const row = (member) =>
    el(
      'button',
      {
        class: 'row',
        type: 'button',
        disabled: !isAdmin || member.status === 'creator',
        onclick: () => edit(member),
      },
      avatar(member.user.id, member.user.first_name),
      el(
        'span',
        { class: 'row-text' },
        el('strong', {}, member.user.first_name),
        el('small', {}, member.user.is_bot ? `bot · ${KINDS[member.status]}` : KINDS[member.status]),
      ),
    );
  const known = new Set(chat.members.filter(({ status }) => status !== 'left').map((member) => member.user.id));
  const others = [...bots.map((bot) => ({ ...bot, first_name: bot.name, is_bot: true })), ...users].filter(
    ({ id }) => !known.has(id),
  );
  const add = (candidate) => row({ user: candidate, status: 'left' });
  dialog = openDialog(
    'Members',
    [
      heading('Members', () => dialog),
      el('div', { class: 'rows' }, ...chat.members.filter(({ status }) => status !== 'left').map(row)),
      isAdmin && others.length > 0 && el('h3', {}, 'Add'),
      isAdmin && el('div', { class: 'rows' }, ...others.map(add)),
    ].filter(Boolean),
  );
}

function memberDialog(chat, user, { user: whom, status, ...has }, onChanged) {
  const may = RIGHTS.filter(([, , ...types]) => types.length === 0 || types.includes(chat.type));
  const kinds = ['administrator', ...(whom.is_bot && chat.type === 'channel' ? [] : ['member']), 'left', 'kicked'];
  const options = kinds.map((kind) => [kind, kind === 'left' ? 'not in the chat' : KINDS[kind]]);
  const choice = select('status', 'Is', options);
  choice.querySelector('select').value = kinds.includes(status) && status !== 'left' ? status : kinds[0];
  const rights = el(
    'fieldset',
    { class: 'checks' },
    el('legend', {}, 'As an administrator may'),
    ...may.map(([right, text]) => checkbox(right, text, status === 'administrator' ? has[right] : true)),
  );
  const save = (values) => {
    const standing = { status: values.status, byId: user.id };
    if (values.status === 'administrator') {
      standing.rights = Object.fromEntries(may.map(([right]) => [right, values[right] === 'on']));
    }
    return api.setMember(chat.id, whom.id, standing);
  };
  formDialog(whom.first_name, [choice, rights], 'Save', save, onChanged);
}

export function requestsDialog(chat, user) {
  let dialog;
  const decide = async (request, approve, node) => {
    try {
      await api.decideRequest(chat.id, request.userId, user.id, approve);
      node.remove();
    } catch (problem) {
      toast(problem.message);
    }
  };
  const row = (request) => {
    const node = el(
      'div',
      { class: 'row' },
      avatar(request.userId, request.user.first_name),
      el('strong', { class: 'row-text' }, request.user.first_name),
    );
    for (const [text, approve] of [
      ['Let in', true],
      ['Decline', false],
    ]) {
      node.append(el('button', { class: 'chip', type: 'button', onclick: () => decide(request, approve, node) }, text));
    }
    return node;
  };
  const nobody = el('p', {}, 'No one is waiting.');
  dialog = openDialog('Requests to join', [
    heading('Requests to join', () => dialog),
    el('div', { class: 'rows' }, ...(chat.requests.length ? chat.requests.map(row) : [nobody])),
  ]);
}

export function linksDialog(chat) {
  let dialog;
  const copy = (url) => navigator.clipboard.writeText(url).then(() => toast('Copied'));
  const row = ({ url, name, isRevoked, createsJoinRequest, subscription, joined }) =>
    el(
      'button',
      { class: 'row', type: 'button', onclick: () => copy(url) },
      el(
        'span',
        { class: 'row-text' },
        el('strong', {}, name ?? url.replace('https://', '')),
        el(
          'small',
          {},
          [isRevoked ? 'revoked' : createsJoinRequest ? 'asks first' : 'open', `${joined} joined`].join(' · '),
        ),
      ),
      subscription && stars(subscription.price),
    );
  const none = el('p', {}, 'There are none. Bots create them.');
  dialog = openDialog('Invite links', [
    heading('Invite links', () => dialog),
    el('div', { class: 'rows' }, ...(chat.links.length ? chat.links.map(row) : [none])),
  ]);
}

/** The preview of an invite link, with the button to join. */
export function inviteDialog(invite, link, user, onJoined) {
  const { title, type, createsJoinRequest, subscription } = invite;
  let dialog;
  const join = async () => {
    try {
      const outcome = await api.join(user.id, link);
      dialog.close();
      toast(outcome.text);
      if (outcome.status === 'joined') onJoined(outcome.chatId);
    } catch (problem) {
      toast(problem.message);
    }
  };
  const text = subscription
    ? ['Subscribe for ', stars(subscription.price)]
    : [createsJoinRequest ? 'Ask to join' : 'Join'];
  dialog = openDialog('Invitation', [
    heading(title, () => dialog),
    el(
      'p',
      {},
      subscription
        ? `A ${type} that costs ${subscription.price} Stars ${each(subscription.period)}.`
        : `You are invited to this ${type}.`,
    ),
    el('button', { class: 'primary', type: 'button', autofocus: true, onclick: join }, ...text),
  ]);
}
