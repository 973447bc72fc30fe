/** The tags of what only the platform's staff may do. */
export const STAFF_API_TAGS: Readonly<Record<string, string>> = {
  'Staff: account': "The platform's staff: logging in with a second factor.",
  'Staff: people': 'Who belongs to the staff, and in which role.',
  'Staff: workspaces':
    'Finding workspaces, what is true of them, restricting and lifting, and looking at them as they see themselves.',
  'Staff: plans': 'What workspaces may have, and where one departs from its plan.',
  "Staff: people's rights": 'Exports, erasures and the end of workspaces.',
  'Staff: operations': 'What is stuck, what to do about it, and the kill switch.',
  'Staff: audit log': 'Who did what, everywhere.',
};
