import type { Caller } from './caller.js';
import type { MethodName, ParametersOf } from './parameters.js';

/** The methods of one area. Each returns `result` or throws an ApiError. */
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
