import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { type Problem, PROBLEM_RULES, PROBLEMS } from '#libs/operations';

export const problemListSchema = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z
        .object({
          object: z.literal('problem'),
          kind: z
            .enum(PROBLEMS)
            .describe(
              '`goods_refused`: your server does not make what was bought. `refunds_delayed`: Telegram does not ' +
                'return Stars. `buyers_kept_out`: people who have paid are not admitted to a chat, or not removed ' +
                'from it in time. `endpoints_failing`: a webhook endpoint returns errors. `webhook_sick`: Telegram ' +
                "cannot deliver the bot's updates. `alerts_unreachable`: your alerts cannot be delivered. " +
                '`jobs_parked`: jobs that were given up after repeated failures.',
            ),
          subject: z
            .string()
            .describe('The id of the product, the bot, the chat or the endpoint; the kind of work for `jobs_parked`.'),
          count: z.int().describe('Number of orders, refunds, people or jobs affected.'),
          since: z.iso.datetime(),
          error: z.string().nullable().describe('The error of the newest of them.'),
          remedy: z.string(),
        })
        .meta({ id: 'BotProblem' }),
    ),
  })
  .meta({ id: 'BotProblemList' });

const problemView = ({ kind, subject, count, since, error }: Problem) => {
  const { subject: idKind, remedy } = PROBLEM_RULES[kind];
  const id = idKind === undefined ? subject : publicId(idKind, subject);
  return { object: 'problem' as const, kind, subject: id, count, since: since.toISOString(), error, remedy };
};

export const problemListView = (problems: readonly Problem[]): Shown<typeof problemListSchema> => ({
  object: 'list' as const,
  data: problems.map(problemView),
});
