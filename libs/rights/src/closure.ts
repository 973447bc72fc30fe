import { DomainError, publicId, timeOrNull } from '#libs/kernel';

/** `pending` may still become `cancelled`, until its time has come; then it becomes `done`. */
export type ClosureState = 'pending' | 'cancelled' | 'done';

export interface ClosureRow {
  readonly id: string;
  readonly state: ClosureState;
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export class NameDiffers extends DomainError {
  readonly code = 'name_differs';
  readonly refusal = 'conflict';
  readonly remedy = 'Send the exact name of the workspace as `confirm`: GET /v1/me shows it.';

  constructor() {
    super('That is not the name of this workspace, so it is not closed.');
  }
}

export class AlreadyClosed extends DomainError {
  readonly code = 'workspace_closed';
  readonly refusal = 'conflict';
  readonly remedy = 'A closed workspace stays closed. Sign up for a new one.';

  constructor() {
    super('This workspace is closed.');
  }
}

/** A wish to close a workspace, as the API and its events show it. */
export const closureView = (row: ClosureRow) => ({
  object: 'closure' as const,
  id: publicId('closure', row.id),
  state: row.state,
  requested_by: row.requestedBy,
  reason: row.reason,
  due_at: row.dueAt.toISOString(),
  created_at: row.createdAt.toISOString(),
  ended_at: timeOrNull(row.endedAt),
});
