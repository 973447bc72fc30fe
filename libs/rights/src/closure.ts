import { DomainError } from '#libs/kernel';

/** `pending` can become `cancelled` until it is due; then it becomes `done`. */
export const CLOSURE_STATES = ['pending', 'cancelled', 'done'] as const;
export type ClosureState = (typeof CLOSURE_STATES)[number];

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
  static readonly code = 'name_differs';
  static readonly refusal = 'conflict';
  readonly remedy = 'Send the exact name of the workspace as `confirm`: GET /v1/me shows it.';

  constructor() {
    super('This is not the name of the workspace, so it is not closed.');
  }
}

export class AlreadyClosed extends DomainError {
  static readonly code = 'workspace_closed';
  static readonly refusal = 'conflict';
  readonly remedy = 'A closed workspace stays closed. Sign up for a new one.';

  constructor() {
    super('This workspace is closed.');
  }
}
