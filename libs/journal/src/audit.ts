/** The acting person or key. Anyone who has the database's address can run a command, so a command names no one. */
export type AuditActor =
  | { readonly kind: 'account' | 'api_key' | 'staff'; readonly id: string }
  | { readonly kind: 'command' };

/** `telegram`: a member acted in the chat of a bot, to which their account is linked. */
export const AUDIT_VIAS = ['session', 'api_key', 'staff', 'impersonation', 'command', 'telegram'] as const;
export type AuditVia = (typeof AUDIT_VIAS)[number];

/** The origin of a request: just enough to recognise something unusual. */
export interface AuditContext {
  readonly requestId: string | null;
  readonly network: string | null;
  readonly userAgent: string | null;
}

/** The origin is unknown. */
export const NOWHERE: AuditContext = { requestId: null, network: null, userAgent: null };

/**
 * One action. An entry identifies objects but never shows their contents: no bodies, no secrets, nothing about buyers.
 */
export interface NewAuditEntry {
  /** The operation's id in the description of the API, for example `orders_refund`. */
  readonly action: string;
  readonly actor: AuditActor;
  readonly via: AuditVia;
  /** Public ids. */
  readonly targets: readonly string[];
  /** The reason given by staff; the workspace may read it. */
  readonly reason?: string | undefined;
  readonly context: AuditContext;
}

/** `begun`: not finished yet, or the process died before it could record the outcome. */
export type AuditOutcome = 'done' | 'refused' | 'begun';

export interface AuditEntry extends Omit<NewAuditEntry, 'reason'> {
  readonly id: string;
  /** Null for staff actions that concern no workspace. */
  readonly tenantId: string | null;
  readonly reason: string | null;
  readonly outcome: AuditOutcome;
  readonly createdAt: Date;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly tenantId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  readonly limit: number;
  /** Only entries older than this one. */
  readonly after?: string | undefined;
  /** Only entries newer than this one, the nearest first. */
  readonly before?: string | undefined;
}
