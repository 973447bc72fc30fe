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
      .describe('Of the subscription, charge, order, refund, question, link or spending; the number of an update.'),
    state: z.enum(['pending', 'failed']).describe('`failed`: it does not end by itself.'),
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
      .describe('`stuck`: something could not be ended. Mend it, or send DELETE with `acknowledge_failures=true`.'),
    acknowledged: z.boolean().describe('Whether the bot may go although something could not be ended'),
    renewals_stopped: z
      .int()
      .describe('Subscriptions that run on for as long as they are paid, and are charged no more'),
    left: z.array(z.object({ kind, pending: z.int(), failed: z.int() })).describe('What is left to end, by kind'),
    failures: z.array(obligationSchema).describe('The first 20; GET /v1/bots/{id}/obligations lists more'),
    requested_at: shownTime,
    ended_at: shownTime.nullable(),
  })
  .meta({ id: 'BotRemoval' });

/** One thing that is left to end, as the API shows it. */
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
  /** Running subscriptions of the bot that are stopped for good. */
  readonly stopped: number;
  readonly left: readonly ObligationCount[];
  readonly failures: readonly ObligationRow[];
}

/** How far the removal of a bot is, as the API and its events show it. */
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
