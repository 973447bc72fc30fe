import { z } from 'zod';
import { email } from '../../creator/auth/auth.schema.js';
import { listOf, listQuery } from '../../http/schema.js';
import { staffMemberSchema, staffRole } from '../auth/staff-auth.schema.js';

export const createStaffSchema = z.strictObject({ email, role: staffRole }).meta({ id: 'CreateStaff' });
export type CreateStaff = z.output<typeof createStaffSchema>;

const reason = z.string().trim().min(1).max(500).optional().describe('The reason. It is recorded in the audit log.');

export const changeStaffSchema = z.strictObject({ role: staffRole, reason }).meta({ id: 'ChangeStaff' });
export type ChangeStaff = z.output<typeof changeStaffSchema>;

export const staffActSchema = z
  .strictObject({ reason })
  .meta({ id: 'StaffAct', examples: [{ reason: 'Has left the company.' }] });
export type StaffAct = z.output<typeof staffActSchema>;

export const listStaffSchema = listQuery('staff', {});
export type ListStaff = z.output<typeof listStaffSchema>;

export const newStaffSchema = staffMemberSchema
  .extend({ password: z.string().describe('Shown only here') })
  .meta({ id: 'NewStaff' });

export const staffListSchema = listOf(staffMemberSchema).meta({ id: 'StaffList' });
