import type { ApiTag } from './api-tag.js';

/** The tags of what only the platform's staff may do. */
export const STAFF_API_TAGS: Readonly<Record<string, ApiTag>> = {
  'Staff: account': {
    description: "The platform's staff: logging in with a second factor.",
    writes: [
      [401, 'wrong_credentials'],
      [401, 'wrong_code'],
      [401, 'challenge_invalid'],
      [401, 'refresh_token_invalid'],
      [403, 'wrong_password'],
      [409, 'refresh_in_progress'],
      [429, 'too_many_attempts'],
      [429, 'codes_locked'],
      [503, 'too_busy'],
    ],
  },
  'Staff: people': {
    description: 'Who belongs to the staff, and in which role.',
    writes: [
      [409, 'staff_exists'],
      [409, 'not_yourself'],
      [503, 'too_busy'],
    ],
  },
  'Staff: workspaces': {
    description:
      'Finding workspaces, what is true of them, restricting and lifting, and looking at them as they see themselves.',
    writes: [[409, 'tenant_state_conflict']],
  },
  'Staff: plans': {
    description: 'What workspaces may have, and where one departs from its plan.',
    writes: [[422, 'unknown_plan']],
    reads: [[404, 'not_found']],
  },
  "Staff: people's rights": {
    description: 'Exports, erasures and the end of workspaces.',
    writes: [
      [409, 'buyer_busy'],
      [409, 'workspace_closed'],
    ],
  },
  'Staff: operations': {
    description: 'What is stuck, what to do about it, and the kill switch.',
    writes: [
      [409, 'update_not_parked'],
      [409, 'job_not_parked'],
    ],
  },
  'Staff: audit log': { description: 'Who did what, everywhere.' },
};
