/** The tags of operations for the platform's staff. */
export const STAFF_API_TAGS: Readonly<Record<string, string>> = {
  'Staff: account': "The platform's staff: logging in with a second factor.",
  'Staff: people': 'The members of the staff, with their roles.',
  'Staff: workspaces': 'Search for workspaces, their state, restrictions, and impersonation.',
  'Staff: plans': 'The limits of workspaces, and exceptions from their plans.',
  "Staff: people's rights": 'Exports, erasures and closures of workspaces.',
  'Staff: operations': 'Stuck work, its remedies, and the kill switch.',
  'Staff: audit log': 'The log of all actions, in all workspaces.',
};
