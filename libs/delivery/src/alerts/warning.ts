import type { EventType } from '#libs/journal';
import { clip } from '#libs/kernel';
import { OUTAGE_WARNINGS, reasonLine } from './outage.js';
import type { AlertWords } from './alert-words.js';

type Json = Readonly<Record<string, unknown>>;

/** Facts that a warning needs and its event does not contain. */
export interface WarningDetails {
  /** The bot's username. */
  readonly bot: string;
  readonly title: string | null;
  readonly buyer: string | null;
  /** The Stars of its refund. */
  readonly stars?: number | null;
}

type Wording = (words: AlertWords, data: Json, details: WarningDetails | undefined) => readonly string[];

const SHOWN = 100;

const short = (value: unknown) => clip(String(value), SHOWN);

function aboutLines(words: AlertWords, details: WarningDetails | undefined, id: unknown): string {
  const { bot, title = null, buyer = null } = details ?? {};
  return [
    ...(title === null ? [] : [words.about(`“${short(title)}”`)]),
    ...(bot === undefined ? [] : [words.bot(`@${bot}`)]),
    ...(buyer === null ? [] : [words.buyer(short(buyer))]),
    String(id),
  ].join('\n');
}

const starsOf = (words: AlertWords, details: WarningDetails | undefined) =>
  details?.stars === undefined || details.stars === null ? words.theStars : words.stars(details.stars);

/** Warnings that a creator gets with all switches off. */
const WARNINGS: Readonly<Partial<Record<EventType, Wording>>> = {
  ...OUTAGE_WARNINGS,
  'support.message_failed': (words, { thread_id: thread, delivery_state: state, delivery_error: error }, details) => [
    words.answerLost,
    reasonLine(words, error),
    state === 'unreachable' ? words.answerWaits : words.answerAgain,
    aboutLines(words, details, thread),
  ],
  'job.parked': (words, { kind, subject_id: subject, error }) => [
    words.gaveUp(short(kind)),
    reasonLine(words, error),
    words.staffSee,
    String(subject ?? kind),
  ],
  'order.fulfilment_refused': (words, { id, fulfilment }, details) => [
    words.goodsRefused,
    reasonLine(words, (fulfilment as Json | undefined)?.['last_error']),
    words.goodsAskedAgain,
    aboutLines(words, details, id),
  ],
  'order.fulfilment_recovered': (words, { id }, details) => [words.goodsAgain, aboutLines(words, details, id)],
  'chat_access.failed': (words, { id, failure, state }, details) => [
    state === 'ending' ? words.notLetOut : words.notLetIn,
    reasonLine(words, failure),
    words.accessAgain,
    aboutLines(words, details, id),
  ],
  'refund.delayed': (words, { id, failure, requested_by: by }, details) => [
    words.refundDelayed(starsOf(words, details)),
    reasonLine(words, failure),
    by === 'system' ? words.refundPromised : words.refundAgain,
    aboutLines(words, details, id),
  ],
};

/** True for events that the creator is told about even with all switches off. */
export const isWarning = (type: EventType) => type in WARNINGS || type === 'quota.warning';

/** The warning about one of these events; undefined for any other. */
export const warningText = (
  words: AlertWords,
  type: EventType,
  data: Json,
  details?: WarningDetails,
): string | undefined => WARNINGS[type]?.(words, data, details).join('\n\n');

/** The alert about a requested refund that Telegram refused. */
export const refundFailedText = (words: AlertWords, { id, failure }: Json, details: WarningDetails): string =>
  [
    words.refundRefused(starsOf(words, details)),
    reasonLine(words, failure),
    words.refundHelp,
    aboutLines(words, details, id),
  ].join('\n\n');
