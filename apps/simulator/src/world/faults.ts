import type { Random } from './random.js';

/** Before answering a Bot API call, before queueing an update, or before delivering one to a webhook. */
export type FaultPoint = 'call' | 'queue' | 'delivery';

export const FAULT_ACTIONS = {
  /**
   * `error400`, `error429`, `error500`: refused, not done. `timeout`: not done, silence for `seconds`, then the
   * socket closes. `drop_answer`: done, then the socket closes. `delay`: done after `seconds`. `limit`: 429 when the
   * same bot called the same method less than `seconds` ago (Telegram has such a limit of one second for
   * `setWebhook`).
   */
  call: ['error400', 'error429', 'error500', 'timeout', 'drop_answer', 'delay', 'limit'],
  /**
   * `duplicate`: queued twice with one update_id. `delay`: queued `seconds` late. `reorder`: queued after the next
   * one. `lose`: never queued.
   */
  queue: ['duplicate', 'delay', 'reorder', 'lose'],
  /**
   * `timeout`: the attempt fails unsent. `drop_answer`: sent, but the response is ignored. `delay`: sent `seconds`
   * late.
   */
  delivery: ['timeout', 'drop_answer', 'delay'],
} as const satisfies Record<FaultPoint, readonly string[]>;

export type FaultAction<Point extends FaultPoint> = (typeof FAULT_ACTIONS)[Point][number];

interface RuleOf<Point extends FaultPoint> {
  readonly at: Point;
  readonly action: FaultAction<Point>;
  /** A Bot API method for `call`, an update kind for the others; all if omitted. */
  readonly name?: string | undefined;
  readonly botId?: number | undefined;
  /** From 0 to 1; 1 if omitted. */
  readonly probability?: number | undefined;
  /** The number of times that it strikes; unlimited if omitted. */
  readonly times?: number | undefined;
  /** Seconds, for `delay`, `timeout`, `limit`, and the `retry_after` of `error429`. */
  readonly seconds?: number | undefined;
  /** The text of `error400`, after `Bad Request: `. */
  readonly description?: string | undefined;
}

export type FaultRule = RuleOf<'call'> | RuleOf<'queue'> | RuleOf<'delivery'>;

export interface Fault<Point extends FaultPoint> {
  readonly action: FaultAction<Point>;
  readonly seconds: number | undefined;
  readonly description: string | undefined;
}

export interface FaultState {
  readonly rule: FaultRule;
  readonly struck: number;
}

/** Decides when faults strike. The same rules, seed and order of events give the same faults. */
export class Faults {
  #rules: { rule: FaultRule; struck: number; lastCall: Map<number, number> }[] = [];

  constructor(private readonly random: () => Random) {}

  set(rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, struck: 0, lastCall: new Map<number, number>() }));
  }

  state(): readonly FaultState[] {
    return this.#rules.map(({ rule, struck }) => ({ rule, struck }));
  }

  /** The fault that strikes here, if any: that of the first rule that matches and wins its draw. */
  strike<Point extends FaultPoint>(at: Point, botId: number, name: string, now: number): Fault<Point> | undefined {
    for (const entry of this.#rules) {
      if (!this.#matches(entry.rule, at, botId, name)) continue;
      if (entry.rule.times !== undefined && entry.struck >= entry.rule.times) continue;
      if (entry.rule.action === 'limit' && !isTooSoon(entry.lastCall, botId, now, entry.rule.seconds ?? 1)) continue;
      const probability = entry.rule.probability ?? 1;
      if (probability < 1 && this.random().fraction() >= probability) continue;
      entry.struck += 1;
      return {
        action: entry.rule.action as FaultAction<Point>,
        seconds: entry.rule.seconds,
        description: entry.rule.description,
      };
    }
    return undefined;
  }

  #matches(rule: FaultRule, at: FaultPoint, botId: number, name: string): boolean {
    return (
      rule.at === at &&
      (rule.botId === undefined || rule.botId === botId) &&
      (rule.name === undefined || rule.name.toLowerCase() === name.toLowerCase())
    );
  }
}

function isTooSoon(lastCall: Map<number, number>, botId: number, now: number, seconds: number): boolean {
  const last = lastCall.get(botId);
  if (last !== undefined && now - last < seconds * 1_000) return true;
  lastCall.set(botId, now);
  return false;
}
