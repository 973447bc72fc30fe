import { CREDIT_UNIT, isCreditAmount, MAX_CREDITS } from '#libs/kernel';
import { OWN_COMMANDS } from '#libs/texts';
import { callback } from './kind-callback.js';
import { atOnce, type TermedKind, problem } from './kind.js';

/** A valid Telegram command, without its slash (Bot API, BotCommand). */
export const COMMAND = /^[a-z0-9_]{1,32}$/;

/** Maximum length of the text after a command, in characters. */
export const MAX_ARGUMENTS = 1_000;

/** Each use costs Stars or credits: credits first, if the buyer has enough. */
export interface PaidCommandTerms {
  /** Without its slash. Unique among the products of a bot. */
  readonly command: string;
  /**
   * The price of one use in credits, 1 to MAX_CREDITS of a unit; both null: it costs Stars only. An order stores its
   * price.
   */
  readonly creditUnit: string | null;
  readonly creditAmount: number | null;
  /** True when it needs a text after the command. */
  readonly needsArguments: boolean;
}

/** A bot command that the creator's server answers, for a price per use. */
export const paidCommand: TermedKind<PaidCommandTerms> = {
  charged: 'once',
  cardPromise: atOnce,
  inMenu: true,
  fields: callback.fields,
  usual: { fulfilmentDeadlineSeconds: 3_600, refundAtDeadline: true },
  usualTerms: { creditUnit: null, creditAmount: null, needsArguments: false },
  problems: (product, { command, creditUnit = null, creditAmount = null }) => [
    ...callback.problems(product, {}),
    ...problem('command', commandProblem(command)),
    ...problem('credit_unit', unitProblem(creditUnit, creditAmount)),
    ...problem('credit_amount', amountProblem(creditUnit, creditAmount)),
  ],
  promise: (words, product) => callback.promise?.(words, product, {}),
  needsNoStars: ({ creditAmount = null }) => creditAmount !== null,
};

function commandProblem(command: string | undefined): string | undefined {
  if (command === undefined) return 'is required: it is what buyers send';
  if (!COMMAND.test(command)) return 'must have 1 to 32 characters of a-z, 0-9 and _, without the slash';
  return OWN_COMMANDS.has(command) ? 'must not be one that every bot answers itself' : undefined;
}

function unitProblem(unit: string | null, amount: number | null): string | undefined {
  if (unit === null) return amount === null ? undefined : 'must be set together with credit_amount';
  return CREDIT_UNIT.test(unit) ? undefined : 'must have 1 to 32 characters of a-z, 0-9, _ and -';
}

function amountProblem(unit: string | null, amount: number | null): string | undefined {
  if (amount === null) return unit === null ? undefined : 'must be set together with credit_unit';
  return isCreditAmount(amount) ? undefined : `must be a whole number from 1 to ${MAX_CREDITS}`;
}
