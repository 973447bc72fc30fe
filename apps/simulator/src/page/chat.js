/** The conversation with one bot. */
import { api } from './api.js';
import { forwardDialog } from './dialogs.js';
import { avatar, el, icon, toast } from './dom.js';
import { messageList } from './messages.js';
import { paySheet } from './pay.js';

const BUTTON_WAIT = 4000;

/**
 * @param host `{ user(), users(), openLink(url, event), back(), payload(), forgetPayload(), refresh() }`
 */
export class ChatPanel {
  #view;
  #pressed = new Map();
  #typingTimer;

  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.status = el('small', { class: 'status' });
    this.title = el('div', { class: 'row-text' });
    this.face = el('span', {});
    this.menu = el('div', { class: 'menu', hidden: true });
    this.list = el('div', { class: 'messages', tabIndex: 0, role: 'log', 'aria-label': 'Messages' });
    this.commands = el('div', { class: 'commands', hidden: true, role: 'listbox', 'aria-label': 'Commands' });
    this.input = el('textarea', { rows: 1, maxLength: 4096, placeholder: 'Message', 'aria-label': 'Message' });
    this.foot = el('div', { class: 'foot' });
    this.element = el('section', { class: 'chat' }, this.#header(), this.list, this.commands, this.foot);
    this.input.addEventListener('input', () => this.#onInput());
    this.input.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get botId() {
    return this.#view?.bot.id;
  }

  /** Shows a chat as the control API describes it. */
  show(view) {
    const isOther = this.#view?.bot.id !== view.bot.id || this.#view?.user.id !== view.user.id;
    const atEnd = isOther || this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    const grown = isOther || view.messages.length > this.#view.messages.length;
    this.#view = view;
    if (this.element.parentNode !== this.root) this.root.replaceChildren(this.element);
    if (isOther) {
      this.input.value = '';
      this.commands.hidden = true;
      this.menu.hidden = true;
    }
    this.#status();
    this.face.replaceChildren(avatar(view.bot.id, view.bot.name));
    this.title.replaceChildren(el('strong', {}, view.bot.name), this.status);
    this.list.replaceChildren(...(view.messages.length ? messageList(view, this.#actions()) : [this.#welcome()]));
    this.#showFoot();
    if (atEnd && grown) this.list.scrollTop = this.list.scrollHeight;
  }

  typing() {
    clearTimeout(this.#typingTimer);
    this.status.textContent = 'typing…';
    this.status.classList.add('active');
    this.#typingTimer = setTimeout(() => this.#status(), 5000);
  }

  /** The bot has answered a press. */
  answered(queryId) {
    this.#pressed.get(queryId)?.classList.remove('waiting');
    this.#pressed.delete(queryId);
  }

  #status() {
    this.status.classList.remove('active');
    this.status.textContent = this.#view.blocked ? 'blocked by you' : `@${this.#view.bot.username} · bot`;
  }

  #header() {
    const back = el(
      'button',
      { class: 'round back', type: 'button', 'aria-label': 'Back to the chats', onclick: () => this.host.back() },
      icon('back'),
    );
    const toggle = () => {
      const { blocked, bot } = this.#view;
      const block = el(
        'button',
        { type: 'button', onclick: () => this.#setBlocked(!blocked) },
        blocked ? 'Unblock' : 'Block',
      );
      const restart = el('button', { type: 'button', onclick: () => this.#say('/start') }, 'Send /start');
      const balance = el('p', {}, `This bot holds ${bot.balance.toLocaleString('en')} Stars.`);
      this.menu.replaceChildren(...(blocked ? [] : [restart]), block, balance);
      this.menu.hidden = !this.menu.hidden;
    };
    const more = el(
      'button',
      { class: 'round', type: 'button', 'aria-label': 'More', 'aria-haspopup': 'menu', onclick: toggle },
      icon('more'),
    );
    document.addEventListener('click', (event) => {
      if (!this.menu.contains(event.target) && !more.contains(event.target)) this.menu.hidden = true;
    });
    return el('header', { class: 'chat-head' }, back, this.face, this.title, more, this.menu);
  }

  #welcome() {
    const { bot } = this.#view;
    const text = bot.description || bot.shortDescription || 'Press Start to begin.';
    return el(
      'div',
      { class: 'welcome' },
      avatar(bot.id, bot.name, 'large'),
      el('h2', {}, bot.name),
      el('p', {}, text),
    );
  }

  #showFoot() {
    const { messages, blocked, bot } = this.#view;
    if (blocked) return this.#wideButton('Unblock', () => this.#setBlocked(false));
    if (messages.length === 0 || this.host.payload()) return this.#wideButton('Start', () => this.#start());
    const send = el(
      'button',
      { class: 'round send', type: 'button', 'aria-label': 'Send', onclick: () => this.#sendInput() },
      icon('send'),
    );
    const menu = el(
      'button',
      {
        class: 'commands-button',
        type: 'button',
        'aria-label': 'Menu',
        'aria-expanded': String(!this.commands.hidden),
        onclick: () => this.#toggleCommands(),
      },
      icon('menu'),
      el('span', {}, 'Menu'),
    );
    if (this.foot.querySelector('textarea') && this.foot.dataset.commands === String(bot.commands.length)) return;
    const hadFocus = document.activeElement === this.input;
    this.foot.dataset.commands = String(bot.commands.length);
    this.foot.replaceChildren(el('div', { class: 'composer' }, bot.commands.length > 0 && menu, this.input, send));
    if (hadFocus) this.input.focus();
  }

  #wideButton(text, onclick) {
    this.foot.replaceChildren(el('button', { class: 'wide', type: 'button', onclick }, text));
  }

  #toggleCommands(filter = '') {
    const { commands } = this.#view.bot;
    const found = commands.filter(({ command }) => command.startsWith(filter));
    const isOpen = filter === '' ? this.commands.hidden : found.length > 0;
    const row = ({ command, description }) =>
      el(
        'button',
        { type: 'button', role: 'option', onclick: () => this.#say(`/${command}`) },
        el('strong', {}, `/${command}`),
        el('span', {}, description),
      );
    this.commands.replaceChildren(...found.map(row));
    this.commands.hidden = !isOpen;
  }

  #onInput() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
    const typed = /^\/(\w*)$/.exec(this.input.value);
    if (typed === null) this.commands.hidden = true;
    else {
      this.commands.hidden = true;
      this.#toggleCommands(typed[1]);
    }
  }

  #onKey(event) {
    if (event.key === 'Escape') this.commands.hidden = true;
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#sendInput();
  }

  #sendInput() {
    const text = this.input.value.trim();
    if (text !== '') this.#say(text);
    this.input.focus();
  }

  async #say(text) {
    this.menu.hidden = true;
    this.commands.hidden = true;
    await this.#try(async () => {
      await api.sendText(this.#view.bot.id, this.#view.user.id, text);
      this.input.value = '';
      this.input.style.height = 'auto';
      this.list.scrollTop = this.list.scrollHeight;
    });
  }

  async #start() {
    const payload = this.host.payload();
    this.host.forgetPayload();
    await this.#try(() => api.start(this.#view.bot.id, this.#view.user.id, payload));
    this.host.refresh();
  }

  async #setBlocked(blocked) {
    this.menu.hidden = true;
    await this.#try(() => api.setBlocked(this.#view.bot.id, this.#view.user.id, blocked));
  }

  #actions() {
    const { bot, user } = this.#view;
    return {
      open: { link: (url, event) => this.host.openLink(url, event), command: (text) => this.#say(text) },
      copy: (text) =>
        navigator.clipboard.writeText(text).then(
          () => toast('Copied'),
          () => toast(text),
        ),
      pay: (message) => {
        const { title, description, total_amount } = message.invoice;
        const what = { userId: user.id, botId: bot.id, messageId: message.message_id };
        paySheet({ title, description, amount: total_amount, botName: bot.name }, what, () => this.host.user());
      },
      forward: (message) =>
        forwardDialog(this.host.users(), user, (to) =>
          this.#try(async () => {
            await api.forward({ botId: bot.id, messageId: message.message_id, fromUserId: user.id, toUserId: to.id });
            toast(`Forwarded to ${to.first_name}`);
          }),
        ),
      press: (message, button, node) => this.#press(message, button, node),
    };
  }

  async #press(message, button, node) {
    node.classList.add('waiting');
    setTimeout(() => node.classList.remove('waiting'), BUTTON_WAIT);
    await this.#try(async () => {
      const { callbackQueryId } = await api.press(
        this.#view.bot.id,
        this.#view.user.id,
        message.message_id,
        button.callback_data,
      );
      this.#pressed.set(callbackQueryId, node);
    });
  }

  async #try(work) {
    try {
      await work();
    } catch (problem) {
      toast(problem.message);
    }
  }
}
