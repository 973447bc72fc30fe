/** Inline queries in the composer, with the bot's answers above it. */
import { api } from './api.js';
import { forwardDialog } from './dialogs.js';
import { el, icon, stars, toast } from './dom.js';

const TYPING_PAUSE = 300;

export class InlinePicker {
  #asked = 0;
  #timer;

  /**
   * @param composer the composer whose text is watched
   * @param host `{ bots(), user(), users(), place() }`; `place()` is `{ chatType, to }`, where a picked result goes
   */
  constructor(composer, host) {
    this.composer = composer;
    this.host = host;
    this.element = el('div', {
      class: 'commands inline',
      hidden: true,
      role: 'listbox',
      'aria-label': 'Inline results',
    });
    composer.input.addEventListener('input', () => this.#onInput());
  }

  hide() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.element.hidden = true;
  }

  #onInput() {
    this.hide();
    const [, username, query] = /^@(\w{4,32})\s(.*)$/s.exec(this.composer.input.value) ?? [];
    const bot = this.host.bots().find((each) => each.username.toLowerCase() === username?.toLowerCase());
    if (bot?.settings.inline) this.#timer = setTimeout(() => this.#ask(bot, query), TYPING_PAUSE);
  }

  async #ask(bot, query) {
    const asked = this.#asked;
    try {
      const { chatType } = this.host.place();
      const answer = await api.inlineQuery({ botId: bot.id, userId: this.host.user().id, query, chatType });
      if (asked !== this.#asked) return;
      if (answer.status === 'answered') this.#show(answer);
      else toast(`@${bot.username} did not answer`);
    } catch (problem) {
      toast(problem.message);
    }
  }

  #show({ queryId, results }) {
    const rows = results.map((result) => this.#row(queryId, result));
    const nothing = el('p', { class: 'empty' }, 'Nothing found');
    this.element.replaceChildren(...(rows.length ? rows : [nothing]));
    this.element.hidden = false;
  }

  #row(queryId, result) {
    const { id, title, description, content } = result;
    const send = (to) => this.#pick(queryId, id, to);
    const toFriend = () => forwardDialog(this.host.users(), this.host.user(), (friend) => send({ userId: friend.id }));
    return el(
      'div',
      { class: 'inline-row', role: 'option' },
      el(
        'button',
        { type: 'button', onclick: () => send(this.host.place().to) },
        el('strong', {}, title),
        el('span', {}, description),
      ),
      content.invoice && stars(content.invoice.total_amount),
      content.invoice &&
        el(
          'button',
          { class: 'round', type: 'button', 'aria-label': `Send ${title} to a friend`, onclick: toFriend },
          icon('forward'),
        ),
    );
  }

  async #pick(queryId, resultId, to) {
    try {
      await api.pick(queryId, resultId, to);
      this.composer.clear();
      if (to.userId) toast('Sent');
    } catch (problem) {
      toast(problem.message);
    }
    this.hide();
  }
}
