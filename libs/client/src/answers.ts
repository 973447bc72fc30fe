import type { components } from './api.js';

type Problem = components['schemas']['Problem'];

/**
 * An error of the API. Switch on `code`; docs/errors.md explains every code. The message contains the sentence, the
 * remedy and each invalid field.
 */
export class StarwallProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    const fields = (problem.errors ?? []).map(({ path, message }) => `\n  ${path || 'body'}: ${message}`);
    super(`${problem.detail} ${problem.remedy}${fields.join('')}`);
  }

  /** Stable: a code never changes its meaning, so programs can switch on it. */
  get code(): string {
    return this.problem.code;
  }

  override get name(): string {
    return 'StarwallProblem';
  }
}

/** Thrown for a response that is not from Starwall, for example from a proxy in front of it. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    url: string,
  ) {
    super(`${url} answered ${status}, but not in Starwall's format.`);
  }
}

/**
 * Returns the data of a response: `const order = await answered(api.GET('/v1/orders/{id}', ...))`.
 * @throws StarwallProblem if the API refused, UnexpectedAnswer if something else responded
 */
export async function answered<Data>(
  call: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  if (isProblem(error)) throw new StarwallProblem(response.status, error);
  throw new UnexpectedAnswer(response.status, response.url);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'remedy' in value;
}
