import { isPersonal, type Product } from '#libs/catalog';
import { DomainError } from '#libs/kernel';

/**
 * True when an invoice without a known buyer can sell it: it needs no individual payload and no text from the buyer,
 * and it costs Stars.
 */
export const isForEverybody = ({ kind, stars, terms }: Pick<Product, 'kind' | 'stars' | 'terms'>) =>
  !isPersonal(kind) && stars > 0 && terms.paid_command?.needsArguments !== true;

export class NotForEverybody extends DomainError {
  static readonly code = 'not_for_everybody';
  static readonly refusal = 'conflict';
  readonly remedy = 'Give buyers the link of GET /v1/products/{id}/links: the bot creates an invoice for each of them.';

  constructor() {
    super(
      'There is no invoice for this product that anyone can pay: each buyer gets one in the chat, or pays with credits.',
    );
  }
}
