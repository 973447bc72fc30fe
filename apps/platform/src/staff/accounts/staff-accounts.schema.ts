import { z } from 'zod';
import { email } from '../../creator/auth/auth.schema.js';
import { listOf, listQuery } from '../../http/schema.js';
import { staffMemberSchema, staffRole } from '../auth/staff-auth.schema.js';

export const createStaffSchema = z.strictObject({ email, role: staffRole }).meta({ id: 'CreateStaff' });
export type CreateStaff = z.output<typeof createStaffSchema>;

export const changeStaffSchema = z.strictObject({ role: staffRole }).meta({ id: 'ChangeStaff' });
export type ChangeStaff = z.output<typeof changeStaffSchema>;

export const listStaffSchema = listQuery('staff', {});
export type ListStaff = z.output<typeof listStaffSchema>;

export const newStaffSchema = staffMemberSchema
  .extend({ password: z.string().describe('Shown only here') })
  .meta({ id: 'NewStaff' });

export const staffListSchema = listOf(staffMemberSchema).meta({ id: 'StaffList' });
