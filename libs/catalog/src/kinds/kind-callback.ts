import { type FieldError, textProblem, type TextRule } from '#libs/kernel';
import type { Phrasebook } from '#libs/texts';
import { type Kind, type OwnFacts, problem, wholeProblem } from './kind.js';

/** Seconds that a creator's server may take for the goods of one order. */
export const FULFILMENT_SECONDS = { min: 60, max: 2_592_000, usual: 86_400 } as const;

const URL_RULE: TextRule = { max: 2_048, unit: 'UTF-16 units', lines: false, marks: false };

/** Goods that the creator's server makes after the payment. */
export const callback: Kind = {
  charged: 'once',
  cardPromise: () => 'card.promise_later',
  fields: ['fulfilment_url', 'fulfilment_deadline_seconds', 'refund_at_deadline'],
  usual: { fulfilmentDeadlineSeconds: FULFILMENT_SECONDS.usual, refundAtDeadline: true },
  problems: callbackProblems,
  promise: callbackPromise,
};

/** Does not decide whether the URL may be called: the library that calls it does. */
function callbackProblems({ fulfilmentUrl, fulfilmentDeadlineSeconds: seconds }: OwnFacts): FieldError[] {
  const { min, max } = FULFILMENT_SECONDS;
  return [
    ...problem('fulfilment_url', problemOfUrl(fulfilmentUrl)),
    ...problem('fulfilment_deadline_seconds', wholeProblem(seconds ?? Number.NaN, min, max)),
  ];
}

function problemOfUrl(url: string | null): string | undefined {
  if (url === null) return 'is required: the goods are requested there';
  return textProblem(url, URL_RULE) ?? (URL.canParse(url) ? undefined : 'must be a URL');
}

/** `Made for you within 1 day after the payment, or your Stars come back.` */
function callbackPromise(words: Phrasebook, { fulfilmentDeadlineSeconds: within, refundAtDeadline }: OwnFacts) {
  if (within === null) return undefined;
  return words.say(refundAtDeadline === true ? 'invoice.promise_or_refund' : 'invoice.promise', { within });
}
