import type { Bot } from '../world/bot.js';
import type { InlineResult } from '../world/inline-mode.js';
import type { Handlers } from './handlers.js';
import type { ArticleResult } from './inline-results.js';
import { checkPayButtons } from './keyboards.js';
import { asText, withMarkup } from './message-content.js';
import { invoiceContent, offerTerms, ONCE } from './payment-methods.js';

function shown(bot: Bot, { id, title, description, markup, content }: ArticleResult): InlineResult {
  const row = { id, title, description };
  checkPayButtons(markup, content.type === 'invoice');
  if (content.type === 'text') return { ...row, content: { ...asText(content.text), ...withMarkup(markup) } };
  const offer = offerTerms(bot, { ...content.terms, ...ONCE }, '');
  return { ...row, content: invoiceContent(offer, markup), offer };
}

export const inlineMethods: Handlers<'answerInlineQuery'> = {
  answerInlineQuery({ world, bot }, { inline_query_id, results, next_offset }) {
    const list = results.map((each) => shown(bot, each));
    world.inlineMode.answer(bot, inline_query_id, list, next_offset);
    return true;
  },
};
