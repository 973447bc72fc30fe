import { textProblem } from '#libs/kernel';
import { atOnce, type Kind, problem } from './kind.js';
import { CONTENT } from './product-text.js';

/** A text that is sent as a message. */
export const text: Kind = {
  charged: 'once',
  cardPromise: atOnce,
  fields: ['content'],
  problems({ content }) {
    const missing = 'is required: it is what the buyer of a text receives';
    return problem('content', content === null ? missing : textProblem(content, CONTENT));
  },
};
