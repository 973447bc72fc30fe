import { textProblem, type TextRule } from './text.js';

/** How long a creator's server may take for the goods of one order, in seconds. */
export const FULFILMENT_SECONDS = { min: 60, max: 2_592_000, usual: 86_400 } as const;

const URL_RULE: TextRule = { max: 2_048, unit: 'UTF-16 units', lines: false, marks: false };

/** How the goods of the kind `callback` come about. All null for every other kind. */
export interface Callback {
  /** Where the creator's server is asked for the goods of a paid order. */
  readonly fulfilmentUrl: string | null;
  /** Seconds from the payment until the goods must be there. Never changed: an invoice has told of it. */
  readonly fulfilmentDeadlineSeconds: number | null;
  /** Whether the Stars go back by themselves when they are not. Never changed either. */
  readonly refundAtDeadline: boolean | null;
}

/** What a creator says about it. */
export type CallbackInput = { readonly [K in keyof Callback]?: Callback[K] | undefined };

/** With what is usual for a callback where nothing is said. */
export function callbackOf(kind: string, input: CallbackInput): Callback {
  const usual = kind === 'callback' ? { seconds: FULFILMENT_SECONDS.usual, refund: true } : undefined;
  return {
    fulfilmentUrl: input.fulfilmentUrl?.trim() ?? null,
    fulfilmentDeadlineSeconds: input.fulfilmentDeadlineSeconds ?? usual?.seconds ?? null,
    refundAtDeadline: input.refundAtDeadline ?? usual?.refund ?? null,
  };
}

/** What is wrong, by field. Whether the URL may be called is for the room that calls it to say. */
export function callbackProblems(kind: string, callback: Callback): Array<readonly [path: string, problem: string]> {
  const { fulfilmentUrl: url, fulfilmentDeadlineSeconds: seconds, refundAtDeadline: refund } = callback;
  const fields = { fulfilment_url: url, fulfilment_deadline_seconds: seconds, refund_at_deadline: refund };
  if (kind !== 'callback') {
    const given = Object.entries(fields).filter(([, value]) => value !== null);
    return given.map(([path]) => [path, `must be left out: only a callback product has it`] as const);
  }
  const [urlProblem, secondsProblem] = [problemOfUrl(url), problemOfSeconds(seconds)];
  return [
    ...(urlProblem === undefined ? [] : [['fulfilment_url', urlProblem] as const]),
    ...(secondsProblem === undefined ? [] : [['fulfilment_deadline_seconds', secondsProblem] as const]),
  ];
}

function problemOfUrl(url: string | null): string | undefined {
  if (url === null) return 'must be given: it is where your server is asked for the goods';
  return textProblem(url, URL_RULE) ?? (URL.canParse(url) ? undefined : 'must be an address');
}

function problemOfSeconds(seconds: number | null): string | undefined {
  const { min, max } = FULFILMENT_SECONDS;
  const fits = seconds !== null && Number.isSafeInteger(seconds) && seconds >= min && seconds <= max;
  return fits ? undefined : `must be a whole number from ${min} to ${max}`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `Made for you within 1 day after the payment, or your Stars come back.` Undefined for other kinds. */
export function promiseSentence({ fulfilmentDeadlineSeconds, refundAtDeadline }: Callback): string | undefined {
  if (fulfilmentDeadlineSeconds === null) return undefined;
  const [unit, seconds] = UNITS.find(([, size]) => fulfilmentDeadlineSeconds % size === 0) ?? UNITS[3];
  const count = fulfilmentDeadlineSeconds / seconds;
  const otherwise = refundAtDeadline === true ? ', or your Stars come back' : '';
  return `Made for you within ${count} ${unit}${count === 1 ? '' : 's'} after the payment${otherwise}.`;
}
