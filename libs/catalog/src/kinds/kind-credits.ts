import { CREDIT_UNIT, DAY, MAX_CREDIT_DAYS, MAX_CREDITS, SECOND } from '#libs/kernel';
import { type Kind, type OwnFacts, problem, wholeProblem } from './kind.js';

/** A pack of credits, added to the buyer's balance. */
export const credits: Kind = {
  charged: 'once',
  cardPromise: () => 'card.promise_balance',
  fields: ['credits'],
  problems: (pack) => problem('credits', packProblem(pack)),
  promise(words, { creditUnit: unit, creditAmount: amount, creditDays: days }) {
    if (unit === null || amount === null) return undefined;
    const pack = { amount, unit };
    if (days === null) return words.say('invoice.credits', { credits: pack });
    return words.say('invoice.credits_until', { credits: pack, valid: (days * DAY) / SECOND });
  },
};

function packProblem({ creditUnit, creditAmount, creditDays }: OwnFacts): string | undefined {
  if (creditUnit === null || creditAmount === null) return 'is required: it is what the buyer receives';
  if (!CREDIT_UNIT.test(creditUnit)) return 'must have a unit of 1 to 32 characters of a-z, 0-9, _ and -';
  const amount = wholeProblem(creditAmount, 1, MAX_CREDITS);
  if (amount !== undefined) return `must have an amount that ${amount.replace('must be', 'is')}`;
  const days = creditDays === null ? undefined : wholeProblem(creditDays, 1, MAX_CREDIT_DAYS);
  return days === undefined ? undefined : `must expire after a whole number of days from 1 to ${MAX_CREDIT_DAYS}`;
}
