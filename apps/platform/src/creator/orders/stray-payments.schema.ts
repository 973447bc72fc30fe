import { z } from 'zod';
import { strayPaymentSchema } from '#libs/sales';
import { idOf, listOf, listQuery } from '../../http/schema.js';

export const strayPaymentListSchema = listOf(strayPaymentSchema).meta({ id: 'StrayPaymentList' });

export const strayPaymentQuerySchema = listQuery('strayPayment', { bot_id: idOf('bot').optional() });
export type ListStrayPayments = z.output<typeof strayPaymentQuerySchema>;
