/** The sheet in which a buyer pays with Stars. */
import { api } from './api.js';
import { openDialog } from './dialog.js';
import { topUpDialog } from './dialogs.js';
import { el, icon, star, stars } from './dom.js';
import { each } from './shared-dialogs.js';

const ANSWER_SECONDS = 10;

const REFUSALS = {
  refused: 'The bot did not accept this order',
  timeout: 'No answer from the bot',
  not_enough_stars: 'Not enough Stars',
  already_subscribed: 'You have this subscription',
  abandoned: 'The payment was cut off',
};

/**
 * @param invoice title, description, amount and botName
 * @param what the payment request for the control API
 * @param getUser returns the buyer with the current balance
 */
export function paySheet(invoice, what, getUser) {
  let busy = false;
  const body = el('div', { class: 'pay' });
  const dialog = openDialog('Pay with Stars', body, { sheet: true, locked: () => busy });

  const show = (...nodes) => body.replaceChildren(...nodes);
  const done = (className, mark, title, text, ...actions) => {
    busy = false;
    const close = el('button', { class: 'primary', type: 'button', onclick: () => dialog.close() }, 'Done');
    show(
      el(
        'div',
        { class: `result ${className}`, role: 'alert' },
        el('span', { class: 'mark' }, icon(mark)),
        el('h2', {}, title),
        el('p', {}, text),
      ),
      ...(actions.length ? actions : [close]),
    );
    body.querySelector('button')?.focus();
  };

  const lackStars = (missing) =>
    done(
      'failed',
      'cross',
      REFUSALS.not_enough_stars,
      `You need ${missing.toLocaleString('en')} more Stars for this.`,
      el('button', { class: 'primary', type: 'button', onclick: () => topUpDialog(getUser(), ask) }, 'Get Stars'),
      el('button', { class: 'quiet', type: 'button', onclick: () => dialog.close() }, 'Not now'),
    );

  const pay = async () => {
    busy = true;
    const bar = el('progress', {
      class: 'countdown',
      max: ANSWER_SECONDS,
      value: 0,
      'aria-label': 'Time the bot has to answer',
    });
    const startedAt = performance.now();
    const tick = setInterval(() => {
      bar.value = (performance.now() - startedAt) / 1000;
    }, 100);
    show(
      el(
        'div',
        { class: 'result waiting', role: 'status' },
        star('huge pulse'),
        el('h2', {}, 'Paying…'),
        el('p', {}, `Waiting for ${invoice.botName}`),
        bar,
      ),
    );
    try {
      const outcome = await api.pay(what);
      if (outcome.status === 'paid')
        done(
          'paid',
          'check',
          'Payment done',
          `You paid ${invoice.amount} Stars to ${invoice.botName} for “${invoice.title}”.`,
        );
      else if (outcome.status === 'not_enough_stars') lackStars(invoice.amount - getUser().balance);
      else done('failed', 'cross', REFUSALS[outcome.status], outcome.text);
    } catch (problem) {
      done('failed', 'cross', 'That did not work', problem.message);
    } finally {
      clearInterval(tick);
    }
  };

  const ask = ({ balance } = getUser()) => {
    if (balance < invoice.amount) return lackStars(invoice.amount - balance);
    const confirm = el(
      'button',
      { class: 'primary big', type: 'button', onclick: pay },
      'Confirm and pay ',
      stars(invoice.amount),
    );
    show(
      el(
        'div',
        { class: 'pay-top' },
        el('span', { class: 'pay-balance' }, 'Balance ', stars(balance)),
        el(
          'button',
          { class: 'round', type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() },
          icon('cross'),
        ),
      ),
      star('huge'),
      el('h2', {}, 'Confirm your purchase'),
      el(
        'p',
        {},
        'Do you want to buy ',
        el('strong', {}, invoice.title),
        ' from ',
        el('strong', {}, invoice.botName),
        ` for ${invoice.amount.toLocaleString('en')} Stars${invoice.subscriptionPeriod ? ` ${each(invoice.subscriptionPeriod)}` : ''}?`,
      ),
      el('p', { class: 'pay-description' }, invoice.description),
      confirm,
    );
    confirm.focus();
  };

  ask();
}

/** Paid media are bought in the same sheet, without a pre-checkout query. @param from the name of the seller */
export function mediaSheet(message, what, from, getUser) {
  const { star_count, paid_media } = message.paid_media;
  const title = paid_media.length === 1 ? 'a photo or video' : `${paid_media.length} photos and videos`;
  const description = 'They are unlocked at once and stay unlocked.';
  paySheet({ title, description, amount: star_count, botName: from }, what, getUser);
}
