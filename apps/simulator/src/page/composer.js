/** The composer, in which the buyer writes, with the bot's commands. */
import { el, icon, starred } from './dom.js';
import { preview } from './messages.js';

const TALLEST = 140;

export class Composer {
  #commands = [];
  #answered;

  /**
   * @param say gets the text to send; the composer is cleared once it was sent
   * @param attach gets a file and its caption; without it there is no button for files
   */
  constructor(say, attach) {
    this.say = say;
    this.input = el('textarea', { rows: 1, maxLength: 4096, placeholder: 'Message', 'aria-label': 'Message' });
    this.commandList = el('div', { class: 'commands', hidden: true, role: 'listbox', 'aria-label': 'Commands' });
    this.menu = el(
      'button',
      { class: 'commands-button', type: 'button', 'aria-label': 'Menu', onclick: () => this.#toggle() },
      icon('menu'),
      el('span', {}, 'Menu'),
    );
    const send = el(
      'button',
      { class: 'round send', type: 'button', 'aria-label': 'Send', onclick: () => this.#send() },
      icon('send'),
    );
    this.quote = el('div', { class: 'answering', hidden: true });
    this.row = el('div', { class: 'composer' }, this.menu, attach && attachment(attach, this.input), this.input, send);
    this.element = el('div', {}, this.quote, this.row);
    this.input.addEventListener('input', () => this.#onInput());
    this.input.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** The id of the message that this is a reply to, if any. */
  get repliesTo() {
    return this.#answered;
  }

  /** Makes the next message a reply to this one. */
  answer(message) {
    this.#answered = message.message_id;
    const author = message.from?.first_name ?? message.sender_chat?.title ?? '';
    const cancel = { class: 'round', type: 'button', 'aria-label': 'Do not reply', onclick: () => this.#noAnswer() };
    this.quote.replaceChildren(
      el('div', { class: 'quote' }, el('strong', {}, author), el('span', {}, starred(preview(message)))),
      el('button', cancel, icon('cross')),
    );
    this.quote.hidden = false;
    this.input.focus();
  }

  #noAnswer() {
    this.#answered = undefined;
    this.quote.hidden = true;
    this.input.focus();
  }

  setCommands(commands) {
    this.#commands = commands;
    this.menu.hidden = commands.length === 0;
  }

  clear() {
    this.#answered = undefined;
    this.quote.hidden = true;
    this.input.value = '';
    this.input.style.height = 'auto';
    this.hideCommands();
  }

  hideCommands() {
    this.#show([]);
  }

  #toggle() {
    this.#show(this.commandList.hidden ? this.#commands : []);
  }

  #show(commands) {
    const row = ({ command, description }) =>
      el(
        'button',
        { type: 'button', role: 'option', onclick: () => this.say(`/${command}`) },
        el('strong', {}, `/${command}`),
        el('span', {}, description),
      );
    this.commandList.replaceChildren(...commands.map(row));
    this.commandList.hidden = commands.length === 0;
    this.menu.setAttribute('aria-expanded', String(commands.length > 0));
  }

  #onInput() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
    const typed = /^\/(\w*)$/.exec(this.input.value)?.[1];
    this.#show(typed === undefined ? [] : this.#commands.filter(({ command }) => command.startsWith(typed)));
  }

  #onKey(event) {
    if (event.key === 'Escape') {
      this.hideCommands();
      if (this.#answered !== undefined) this.#noAnswer();
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.input.value.trim();
    if (text !== '') this.say(text);
    this.input.focus();
  }
}

/** The button for choosing a file, which is sent with the text in `input`. */
function attachment(attach, input) {
  const chooser = el('input', { type: 'file', hidden: true });
  chooser.addEventListener('change', () => {
    const [file] = chooser.files;
    if (file !== undefined) attach(file, input.value.trim());
    chooser.value = '';
  });
  const open = () => chooser.click();
  const button = el(
    'button',
    { class: 'round attach', type: 'button', 'aria-label': 'Attach a file', onclick: open },
    icon('clip'),
  );
  return el('span', { class: 'attachment' }, chooser, button);
}
