/** The conversation in a group or channel. */
import { api } from './api.js';
import { Composer } from './composer.js';
import { forwardDialog } from './dialogs.js';
import { el, icon, keepingFocus, staysAtEnd, toast } from './dom.js';
import { InlinePicker } from './inline.js';
import { messageList } from './messages.js';
import { mediaSheet, paySheet } from './pay.js';
import { linksDialog, membersDialog, requestsDialog } from './shared-dialogs.js';

export const chatIcon = (type) => el('span', { class: 'avatar plus' }, icon(type === 'channel' ? 'channel' : 'people'));

const isIn = ({ status }) => status !== 'left' && status !== 'kicked';

/** The person's membership of a chat; undefined when they are not in it. */
export const standingOf = (chat, user) => chat.members.find((member) => member.user.id === user?.id && isIn(member));

/** @param host as for ChatPanel */
export class SharedChatPanel {
  #view;

  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.head = el('header', { class: 'chat-head' });
    this.menu = el('div', { class: 'menu', hidden: true });
    this.list = el('div', { class: 'messages', tabIndex: 0, role: 'log', 'aria-label': 'Messages' });
    this.end = staysAtEnd(this.list);
    this.composer = new Composer((text) => this.#say(text));
    this.picker = new InlinePicker(this.composer, {
      bots: () => host.bots(),
      user: () => host.user(),
      users: () => host.users(),
      place: () => ({ chatType: this.#view.type, to: { chatId: this.#view.id } }),
    });
    this.foot = el('div', { class: 'foot' });
    this.element = el(
      'section',
      { class: 'chat' },
      this.head,
      this.list,
      this.composer.commandList,
      this.picker.element,
      this.foot,
    );
    document.addEventListener('click', (event) => {
      if (!this.head.contains(event.target)) this.menu.hidden = true;
    });
  }

  /** Shows a chat as the control API describes it. */
  show(view) {
    const isOther = this.#view?.id !== view.id;
    const atEnd = isOther || this.end.wasAtEnd();
    this.#view = view;
    if (this.element.parentNode !== this.root) this.root.replaceChildren(this.element);
    if (isOther) this.composer.clear();
    this.composer.setCommands(view.commands);
    keepingFocus(this.head, () => this.#header());
    const nothing = el('div', { class: 'day' }, el('span', {}, 'No messages here yet'));
    const messages = messageList({ ...view, user: this.host.user(), isShared: true }, this.#actions());
    keepingFocus(this.list, () => this.list.replaceChildren(...(messages.length ? messages : [nothing])));
    this.#showFoot();
    if (atEnd) this.end.toEnd();
  }

  #header() {
    const { title, type, members, balance, requests } = this.#view;
    const count = members.filter(isIn).length;
    const earned = balance > 0 ? ` · ${balance.toLocaleString('en')} Stars` : '';
    const back = el(
      'button',
      { class: 'round back', type: 'button', 'aria-label': 'Back to the chats', onclick: () => this.host.back() },
      icon('back'),
    );
    const more = el(
      'button',
      { class: 'round more', type: 'button', 'aria-label': 'More', onclick: () => this.#toggle() },
      requests.length > 0 && el('span', { class: 'dot', role: 'img', 'aria-label': 'requests' }),
      icon('more'),
    );
    const text = el(
      'div',
      { class: 'row-text' },
      el('strong', {}, title),
      el('small', {}, `${type} · ${count} ${count === 1 ? 'member' : 'members'}${earned}`),
    );
    this.head.replaceChildren(back, chatIcon(type), text, more, this.menu);
  }

  #toggle() {
    const view = this.#view;
    const user = this.host.user();
    const item = (text, act) =>
      el('button', { type: 'button', onclick: () => ((this.menu.hidden = true), act()) }, text);
    const isAdmin = ['creator', 'administrator'].includes(standingOf(view, user)?.status);
    const candidates = { users: this.host.users(), bots: this.host.bots() };
    const items = [
      item('Members', () => membersDialog(view, user, candidates, () => this.host.refresh())),
      isAdmin && item(`Requests to join (${view.requests.length})`, () => requestsDialog(view, user)),
      isAdmin && item('Invite links', () => linksDialog(view)),
      isAdmin && view.type === 'group' && item('Make it a supergroup', () => this.#upgrade()),
      standingOf(view, user)?.status !== 'creator' && item('Leave', () => this.#leave()),
    ];
    this.menu.replaceChildren(...items.filter(Boolean));
    this.menu.hidden = !this.menu.hidden;
  }

  #showFoot() {
    if (this.#maySay()) {
      if (this.foot.firstChild !== this.composer.element) this.foot.replaceChildren(this.composer.element);
    } else this.foot.replaceChildren(el('p', { class: 'only-reading' }, 'Only administrators post here.'));
  }

  #maySay() {
    const mine = standingOf(this.#view, this.host.user());
    if (mine === undefined) return false;
    return this.#view.type !== 'channel' || mine.status === 'creator' || mine.can_post_messages === true;
  }

  #actions() {
    const { id } = this.#view;
    const user = this.host.user();
    return {
      open: { link: (url, event) => this.host.openLink(url, event), command: (text) => this.#say(text) },
      copy: (text) => navigator.clipboard.writeText(text).then(() => toast('Copied')),
      pay: (message) => {
        const { title, description, total_amount } = message.invoice;
        const bot = this.host.bots().find((each) => each.id === message.botId);
        const what = { userId: user.id, chatId: id, messageId: message.message_id };
        const invoice = { title, description, amount: total_amount, botName: bot?.name ?? 'a bot' };
        paySheet(invoice, what, () => this.host.user());
      },
      unlock: (message) =>
        mediaSheet(message, { userId: user.id, chatId: id, messageId: message.message_id }, this.#view.title, () =>
          this.host.user(),
        ),
      forward: (message) =>
        forwardDialog(this.host.users(), user, (to) =>
          this.#try(async () => {
            await api.forward({ chatId: id, messageId: message.message_id, fromUserId: user.id, toUserId: to.id });
            toast(`Forwarded to ${to.first_name}`);
          }),
        ),
      ...(this.#maySay() ? { reply: (message) => this.composer.answer(message) } : {}),
      press: (message, button) => this.#try(() => api.pressIn(id, user.id, message.message_id, button.callback_data)),
    };
  }

  async #say(text) {
    await this.#try(async () => {
      await api.post(this.#view.id, this.host.user().id, text, this.composer.repliesTo);
      this.composer.clear();
    });
  }

  /** The group continues under another id. */
  async #upgrade() {
    await this.#try(() => api.upgrade(this.#view.id));
    this.host.back();
  }

  async #leave() {
    const { id } = this.host.user();
    await this.#try(() => api.setMember(this.#view.id, id, { status: 'left', byId: id }));
    this.host.back();
  }

  async #try(work) {
    try {
      await work();
    } catch (problem) {
      toast(problem.message);
    }
  }
}
