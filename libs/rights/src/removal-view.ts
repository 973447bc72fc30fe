import { z } from 'zod';
import { publicId, type Shown, shownTime, timeOrNull } from '#libs/kernel';
import {
  OBLIGATION_KINDS,
  type ObligationCount,
  type ObligationKind,
  type ObligationRow,
  OBLIGATIONS,
  REMOVAL_STATES,
  type RemovalRow,
} from './removal.js';

const kind = z.enum(OBLIGATION_KINDS as [ObligationKind, ...ObligationKind[]]);

export const obligationSchema = z
  .object({
    object: z.literal('obligation'),
    kind,
    id: z
      .string()
      .describe(
        'Id of the subscription, charge, order, refund, question, link or spending, or the number of an update.',
      ),
    state: z.enum(['pending', 'failed']).describe('`failed`: it cannot end without help.'),
    reason: z.string().nullable(),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'Obligation' });

export const removalSchema = z
  .object({
    object: z.literal('bot_removal'),
    bot_id: z.string(),
    state: z
      .enum(REMOVAL_STATES)
      .describe('`stuck`: an obligation could not be ended. Fix it, or send DELETE with `acknowledge_failures=true`.'),
    acknowledged: z.boolean().describe('True if the bot may be removed although an obligation could not be ended.'),
    renewals_stopped: z.int().describe('Subscriptions that run to the end of their paid period and are not renewed.'),
    left: z.array(z.object({ kind, pending: z.int(), failed: z.int() })).describe('Open obligations by kind.'),
    failures: z.array(obligationSchema).describe('The first 20; GET /v1/bots/{id}/obligations lists more'),
    requested_at: shownTime,
    ended_at: shownTime.nullable(),
  })
  .meta({ id: 'BotRemoval' });

/** One open obligation, as the API shows it. */
export const obligationView = ({ kind, id, failure }: ObligationRow): Shown<typeof obligationSchema> => {
  const of = OBLIGATIONS[kind].id;
  return {
    object: 'obligation' as const,
    kind,
    id: of === null ? id : publicId(of, id),
    state: failure === null ? ('pending' as const) : ('failed' as const),
    reason: failure,
    remedy: failure === null ? null : OBLIGATIONS[kind].remedy,
  };
};

export interface RemovalProgress {
  readonly removal: RemovalRow;
  /** Running subscriptions of the bot whose renewal is stopped permanently. */
  readonly stopped: number;
  readonly left: readonly ObligationCount[];
  readonly failures: readonly ObligationRow[];
}

/** The progress of a bot's removal, as the API and its events show it. */
export const removalView = ({ removal, stopped, left, failures }: RemovalProgress): Shown<typeof removalSchema> => ({
  object: 'bot_removal' as const,
  bot_id: publicId('bot', removal.botId),
  state: removal.state,
  acknowledged: removal.acknowledgedAt !== null,
  renewals_stopped: stopped,
  left: left.map(({ kind, pending, failed }) => ({ kind, pending, failed })),
  failures: failures.map(obligationView),
  requested_at: removal.createdAt.toISOString(),
  ended_at: timeOrNull(removal.endedAt),
});
