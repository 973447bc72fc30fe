import { badRequest } from '../world/errors.js';
import type { InlineResult } from '../world/inline-mode.js';
import type { Caller } from './caller.js';
import type { Handlers } from './handlers.js';
import type { GivenResult } from './inline-results.js';
import { mediaContent } from './input-media.js';
import { checkPayButtons } from './keyboards.js';
import { asText, withMarkup } from './message-content.js';
import { invoiceContent, offerTerms, ONCE } from './payment-methods.js';

/** Files are fetched when they are sent, as on Telegram: a wrong address breaks one result, not the whole list. */
function shown(caller: Caller, { id, title, description, markup, content }: GivenResult): InlineResult {
  const row = { id, title, description };
  checkPayButtons(markup, content.type === 'invoice');
  switch (content.type) {
    case 'text':
      return { ...row, content: { ...asText(content.text), ...withMarkup(markup) } };
    case 'place':
      return { ...row, content: { ...content.content, ...withMarkup(markup) } };
    case 'media':
      return { ...row, content: withMarkup(markup), load: () => mediaContent(caller, content.media) };
    case 'invoice': {
      const offer = offerTerms(caller.bot, { ...content.terms, ...ONCE }, '');
      return { ...row, content: invoiceContent(offer, markup), offer };
    }
  }
}

export const inlineMethods: Handlers<'answerInlineQuery' | 'answerWebAppQuery' | 'savePreparedInlineMessage'> = {
  answerInlineQuery(caller, { inline_query_id, results, next_offset }) {
    const list = results.map((each) => shown(caller, each));
    caller.world.inlineMode.answer(caller.bot, inline_query_id, list, next_offset);
    return true;
  },

  async answerWebAppQuery(caller, { web_app_query_id, result }) {
    const { inlineMode } = caller.world;
    return { inline_message_id: await inlineMode.answerWebApp(caller.bot, web_app_query_id, shown(caller, result)) };
  },

  savePreparedInlineMessage(caller, { user_id, result }) {
    const person = caller.world.people.get(user_id);
    if (person === undefined) throw badRequest('user not found');
    return caller.world.inlineMode.prepare(caller.bot, person, shown(caller, result));
  },
};
