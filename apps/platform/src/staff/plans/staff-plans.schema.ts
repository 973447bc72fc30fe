import { z } from 'zod';
import { LIMITS, type Override, type Plan } from '#libs/quotas';
import { usageSchema, usageView } from '../../creator/usage/usage.schema.js';
import { listOf } from '../../http/schema.js';
import { type Shown } from '#libs/kernel';

const reason = z.string().trim().min(1).max(500).describe('The reason. The workspace sees it in its audit log.');

export const limitName = z.enum(LIMITS);

export const changePlanSchema = z
  .strictObject({ plan: z.string().min(1).max(32), reason })
  .meta({ id: 'ChangePlan', examples: [{ plan: 'creator', reason: 'As agreed.' }] });
export type ChangePlan = z.output<typeof changePlanSchema>;

export const setLimitSchema = z
  .strictObject({
    value: z.int().min(0).nullable().describe("null: the plan's limit applies again."),
    reason,
  })
  .meta({ id: 'SetLimit', examples: [{ value: 20, reason: 'As agreed.' }] });
export type SetLimit = z.output<typeof setLimitSchema>;

const limit = z.int().nullable().describe("null: unlimited; for requests, the process's own limit.");

const planSchema = z
  .object({
    object: z.literal('plan'),
    id: z.string(),
    name: z.string(),
    limits: z.object(Object.fromEntries(LIMITS.map((name) => [name, limit]))),
  })
  .meta({ id: 'Plan' });

export const planListSchema = listOf(planSchema).meta({ id: 'PlanList' });

export const planView = ({ id, name, limits }: Plan): Shown<typeof planSchema> => ({
  object: 'plan' as const,
  id,
  name,
  limits,
});

export const staffUsageSchema = usageSchema
  .extend({
    overrides: z
      .array(z.object({ name: limitName, value: z.int(), reason: z.string(), created_at: z.iso.datetime() }))
      .describe("Limits that staff have set to override the plan's."),
  })
  .meta({ id: 'StaffUsage' });

export const staffUsageView = (
  usage: ReturnType<typeof usageView>,
  overrides: readonly Override[],
): Shown<typeof staffUsageSchema> => ({
  ...usage,
  overrides: overrides.map(({ name, value, reason: why, createdAt }) => ({
    name,
    value,
    reason: why,
    created_at: createdAt.toISOString(),
  })),
});
