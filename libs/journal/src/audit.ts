/** Who did it. A command is run by whoever holds the database's address, so it names nobody. */
export type AuditActor =
  | { readonly kind: 'account' | 'api_key' | 'staff'; readonly id: string }
  | { readonly kind: 'command' };

export type AuditVia = 'session' | 'api_key' | 'staff' | 'impersonation' | 'command';

/** From where, as far as it helps to recognise something strange and no further. */
export interface AuditContext {
  readonly requestId: string | null;
  readonly network: string | null;
  readonly userAgent: string | null;
}

/** Nothing is known. */
export const NOWHERE: AuditContext = { requestId: null, network: null, userAgent: null };

/** One thing that somebody did. It names things and never shows them: no bodies, nothing secret, nothing about buyers. */
export interface NewAuditEntry {
  /** The operation's id in the description of the API, for example `orders_refund`. */
  readonly action: string;
  readonly actor: AuditActor;
  readonly via: AuditVia;
  /** Public ids. */
  readonly targets: readonly string[];
  /** Why, where staff have to say so; the workspace may read it. */
  readonly reason?: string | undefined;
  readonly context: AuditContext;
}

/** `begun`: it has not ended yet, or its process died before it could say how. */
export type AuditOutcome = 'done' | 'refused' | 'begun';

export interface AuditEntry extends Omit<NewAuditEntry, 'reason'> {
  readonly id: string;
  /** Null for what staff do that concerns no workspace. */
  readonly tenantId: string | null;
  readonly reason: string | null;
  readonly outcome: AuditOutcome;
  readonly createdAt: Date;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly tenantId?: string | undefined;
  /** Not before. */
  readonly from?: Date | undefined;
  /** Before. */
  readonly to?: Date | undefined;
  readonly limit: number;
  /** Only entries older than this one. */
  readonly after?: string | undefined;
  /** Only entries newer than this one, the nearest first. */
  readonly before?: string | undefined;
}
