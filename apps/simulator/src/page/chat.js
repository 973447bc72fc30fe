/** The conversation with one bot. */
import { api } from './api.js';
import { Composer } from './composer.js';
import { botSettingsDialog, businessDialog } from './bot-dialogs.js';
import { forwardDialog } from './dialogs.js';
import { avatar, el, icon, keepingFocus, staysAtEnd, toast } from './dom.js';
import { InlinePicker } from './inline.js';
import { messageList } from './messages.js';
import { mediaSheet, paySheet } from './pay.js';

const BUTTON_WAIT = 4000;

/**
 * @param host `{ user(), users(), bots(), openLink(url, event), back(), payload(), forgetPayload(), refresh() }`
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
    this.end = staysAtEnd(this.list);
    this.composer = new Composer(
      (text) => this.#say(text),
      (file, caption) => this.#sendFile(file, caption),
    );
    this.picker = new InlinePicker(this.composer, {
      bots: () => host.bots(),
      user: () => host.user(),
      users: () => host.users(),
      place: () => ({ chatType: 'sender', to: { botId: this.#view.bot.id } }),
    });
    this.foot = el('div', { class: 'foot' });
    this.element = el(
      'section',
      { class: 'chat' },
      this.#header(),
      this.list,
      this.composer.commandList,
      this.picker.element,
      this.foot,
    );
  }

  get botId() {
    return this.#view?.bot.id;
  }

  /** Shows a chat as the control API describes it. */
  show(view) {
    const isOther = this.#view?.bot.id !== view.bot.id || this.#view?.user.id !== view.user.id;
    const atEnd = isOther || this.end.wasAtEnd();
    this.#view = view;
    if (this.element.parentNode !== this.root) this.root.replaceChildren(this.element);
    if (isOther) {
      this.composer.clear();
      this.menu.hidden = true;
    }
    this.#status();
    this.face.replaceChildren(avatar(view.bot.id, view.bot.name));
    this.title.replaceChildren(el('strong', {}, view.bot.name), this.status);
    const messages = view.messages.length ? messageList(view, this.#actions()) : [this.#welcome()];
    keepingFocus(this.list, () => this.list.replaceChildren(...messages));
    this.#showFoot();
    if (atEnd) this.end.toEnd();
  }

  typing() {
    clearTimeout(this.#typingTimer);
    this.status.textContent = 'typing…';
    this.status.classList.add('active');
    this.#typingTimer = setTimeout(() => this.#status(), 5000);
  }

  /** Called when the bot has answered a button press. */
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
      const item = (text, act) =>
        el('button', { type: 'button', onclick: () => ((this.menu.hidden = true), act()) }, text);
      const settings = item('Bot settings', () => botSettingsDialog(bot));
      const connect =
        bot.settings.business && item('Connect to my account', () => businessDialog(bot, this.#view.user));
      const items = [!blocked && restart, block, connect, settings, balance];
      this.menu.replaceChildren(...items.filter(Boolean));
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
    this.composer.setCommands(bot.commands);
    if (this.foot.firstChild !== this.composer.element) this.foot.replaceChildren(this.composer.element);
  }

  #wideButton(text, onclick) {
    this.foot.replaceChildren(el('button', { class: 'wide', type: 'button', onclick }, text));
  }

  async #say(text) {
    this.menu.hidden = true;
    this.composer.hideCommands();
    await this.#try(async () => {
      await api.sendText(this.#view.bot.id, this.#view.user.id, text, this.composer.repliesTo);
      this.composer.clear();
      this.end.toEnd();
    });
  }

  async #sendFile(file, caption) {
    await this.#try(async () => {
      const { bot, user } = this.#view;
      await api.sendFile(bot.id, user.id, await encoded(file), caption, this.composer.repliesTo);
      this.composer.clear();
      this.end.toEnd();
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
      unlock: (message) =>
        mediaSheet(message, { userId: user.id, botId: bot.id, messageId: message.message_id }, bot.name, () =>
          this.host.user(),
        ),
      forward: (message) =>
        forwardDialog(this.host.users(), user, (to) =>
          this.#try(async () => {
            await api.forward({ botId: bot.id, messageId: message.message_id, fromUserId: user.id, toUserId: to.id });
            toast(`Forwarded to ${to.first_name}`);
          }),
        ),
      reply: (message) => this.composer.answer(message),
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

/** A chosen file in the form that the control API takes. */
async function encoded(file) {
  const kind = ['photo', 'video', 'voice'][
    ['image/', 'video/', 'audio/'].findIndex((type) => file.type.startsWith(type))
  ];
  const bytes = new Uint8Array(await file.arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return {
    kind: kind ?? 'document',
    name: file.name,
    mimeType: file.type || 'application/octet-stream',
    base64,
  };
}
