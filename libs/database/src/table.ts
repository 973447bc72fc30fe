/** SQL with the parameters that its place in a card gives it. */
export type Sql = string;

/** What must have ended before a buyer can be erased, because it needs the person. */
export type UnderWay = 'payment' | 'refund' | 'delivery' | 'message' | 'question' | 'subscription';

/**
 * The order in which an erasure goes through the tables. Rows that are found through the person's orders come before the orders, and the
 * buyers go when nothing refers to them any more. In between it is the order in which everybody locks: orders, charges, access, money.
 */
export const ERASURE_PHASES = [
  'traces',
  'standIn',
  'goods',
  'deals',
  'access',
  'money',
  'talk',
  'spending',
  'leftovers',
  'person',
] as const;
export type ErasurePhase = (typeof ERASURE_PHASES)[number];

/** `workspace`: in a transaction of the tenant; `platform`: in the last one, which sees everything; `end`: after all others in it. */
export const CLOSING_PHASES = ['workspace', 'platform', 'end'] as const;
export type ClosingPhase = (typeof CLOSING_PHASES)[number];

/** What an erasure of a buyer does with a table. */
export interface Erases {
  /** In words, for whoever reviews it. */
  readonly erases: string;
  /** The column that holds the person's Telegram id, where a person may be found by this table alone. */
  readonly knows?: string;
  /** Locks the person's rows, before anything else is read. $1 the tenant, $2 the Telegram id. */
  readonly locks?: Sql;
  /** A `with` query of this name that other tables' statements may join. It may read `p (telegram_id, pseudonym)`; $1 is the tenant. */
  readonly finds?: Readonly<Record<string, Sql>>;
  /**
   * Statements that put pseudonyms in the place of any number of persons. They may read `p (telegram_id, pseudonym)` and whatever any
   * table {@link Erases.finds}; $1 is the tenant.
   */
  readonly by?: Partial<Readonly<Record<ErasurePhase, Sql | readonly Sql[]>>>;
  /** Replaces one person where they are mentioned in text, after all of the above. */
  readonly scrub?: Scrub;
}

/** $1 the tenant, $2 and $3 the Telegram id and the pseudonym as text, $4 the time. */
export interface Scrub {
  readonly sql: Sql;
  /** The statement returns an `id` per row; another table's statement then gets them as $5. */
  readonly after?: string;
}

/** Statements of the end of a workspace, when all its buyers are erased; $1 is the tenant. */
export type Closes = Partial<Readonly<Record<ClosingPhase, Sql | readonly Sql[]>>> & {
  /** A `with` query of this name that other tables' statements may join. */
  readonly finds?: Readonly<Record<string, Sql>>;
};

/** Statements that find what is stuck, by kind of trouble. $1: what began before that moment. See the library `operations`. */
export type Stuck = Readonly<Record<string, Sql>>;

interface AnyTable {
  /** Rows stay as they were written: nobody holds a right to change or delete them. */
  readonly appendOnly?: true;
  /** What becomes of the rows when their workspace closes. Without it they stay. */
  readonly closing?: Closes;
  readonly stuck?: Stuck;
}

export interface TenantTable extends AnyTable {
  /** What leaves with an export: every column `without` these, or nothing, and why. */
  readonly export: { readonly without: readonly string[] } | { readonly nothing: string };
  readonly erasure: { readonly keeps: string } | Erases;
  /** Conditions under which a buyer is not erased yet. $1 the tenant, $2 the Telegram id, $3 the time. */
  readonly holdsErasure?: Partial<Readonly<Record<UnderWay, Sql>>>;
  /** A condition under which a workspace is not closed yet. $1 the tenant, $2 the time. */
  readonly holdsClosing?: Sql;
  /**
   * What a bot has begun with these rows and must end before it goes, by kind of obligation: selects of its id as text, whether it takes a
   * token that works, and why it does not end by itself (null while it may). $1 the tenant, $2 the bot, $3 the time.
   */
  readonly obliges?: Readonly<Record<string, Sql>>;
  /** What a bot's creator has to know, by kind of problem: subject, count, since, error. $1 the tenant, $2 the bot. */
  readonly problems?: Readonly<Record<string, Sql>>;
}

/** Belongs to no tenant. */
export type PlatformTable = AnyTable;

/**
 * The tables of a library. Only it writes them. What is to be said about a table beyond its columns is said here and nowhere else;
 * exports, erasures, closings and staff's list of troubles read it.
 */
export interface Room {
  readonly library: string;
  readonly ofTenants: Readonly<Record<string, TenantTable>>;
  readonly ofPlatform: Readonly<Record<string, PlatformTable>>;
}

/** The Nest token of the rooms that a process knows, in the order in which an erasure goes through them within a phase. */
export const ROOMS = Symbol('rooms');

/** Every column leaves with an export. */
export const ALL = { without: [] } as const;
/** An erasure leaves the table alone: it holds what the workspace made itself. */
export const WORKSPACE_OWN = { keeps: "the workspace's own" } as const;
