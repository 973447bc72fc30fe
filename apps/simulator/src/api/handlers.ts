import type { Bot } from '../world/bot.js';
import type { World } from '../world/world.js';
import type { MethodName, ParametersOf } from './parameters.js';

/** In which world, and as which bot, a call is made. */
export interface Caller {
  readonly world: World;
  readonly bot: Bot;
}

/** The methods of one area: each returns `result`, or throws an ApiError. */
export type Handlers<Names extends MethodName> = {
  readonly [Name in Names]: (caller: Caller, parameters: ParametersOf<Name>) => unknown;
};

/** A result that comes with a `description`, as setWebhook's does. */
export class Described {
  constructor(
    readonly result: unknown,
    readonly description: string,
  ) {}
}
