import { z } from 'zod';
import { listOf, listQuery } from '../../http/schema.js';
import { reconciliationSchema } from '#libs/sales';

export const reconciliationListSchema = listOf(reconciliationSchema).meta({ id: 'ReconciliationList' });

export const listReconciliationsSchema = listQuery('reconciliation', {});
export type ListReconciliations = z.infer<typeof listReconciliationsSchema>;

export const noBodySchema = z.strictObject({}).optional();
export type NoBody = z.infer<typeof noBodySchema>;
