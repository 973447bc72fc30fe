import { textProblem } from '#libs/kernel';
import { atOnce, type Kind, problem } from './kind.js';
import { LINK, linkProblem } from './product-text.js';

/** An address behind a button. */
export const link: Kind = {
  charged: 'once',
  cardPromise: atOnce,
  fields: ['content'],
  problems({ content }) {
    const missing = 'is required: it is what the buyer of a link receives';
    return problem('content', content === null ? missing : (textProblem(content, LINK) ?? linkProblem(content)));
  },
};
