/** SQL, with parameters that depend on its place in a card. */
export type Sql = string;

/** Things that must have ended before a buyer can be erased, because they need the person. */
export type UnderWay = 'payment' | 'refund' | 'delivery' | 'message' | 'question' | 'subscription';

/**
 * The order of tables in an erasure. Rows that are found through the person's orders come before the orders, and buyers
 * come last, when nothing refers to them any longer. In between it follows the general lock order: orders, charges,
 * access, money.
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

/**
 * `workspace`: in a transaction of the tenant; `platform`: in the last transaction, which sees all tenants; `end`: at
 * the end of that one.
 */
export const CLOSING_PHASES = ['workspace', 'platform', 'end'] as const;
export type ClosingPhase = (typeof CLOSING_PHASES)[number];

/** The effect of erasing a buyer on a table. */
export interface Erases {
  /** A description for reviewers. */
  readonly erases: string;
  /** The column with the person's Telegram id, if this table alone can identify a person. */
  readonly knows?: string;
  /** Locks the person's rows, before anything else is read. $1 the tenant, $2 the Telegram id. */
  readonly locks?: Sql;
  /**
   * A `with` query of this name that other tables' statements can join. It may read `p (telegram_id, pseudonym)`; $1 is
   * the tenant.
   */
  readonly finds?: Readonly<Record<string, Sql>>;
  /**
   * Statements that replace any number of people by pseudonyms. They may read `p (telegram_id, pseudonym)` and the
   * queries in any table's {@link Erases.finds}; $1 is the tenant.
   */
  readonly by?: Partial<Readonly<Record<ErasurePhase, Sql | readonly Sql[]>>>;
  /** Replaces mentions of one person in text, after all of the above. */
  readonly scrub?: Scrub;
}

/** $1 the tenant, $2 and $3 the Telegram id and the pseudonym as text, $4 the time. */
export interface Scrub {
  readonly sql: Sql;
  /** The statement returns an `id` per row; another table's statement then gets them as $5. */
  readonly after?: string;
}

/** Statements that close a workspace, after all its buyers are erased; $1 is the tenant. */
export type Closes = Partial<Readonly<Record<ClosingPhase, Sql | readonly Sql[]>>> & {
  /** A `with` query of this name that other tables' statements can join. */
  readonly finds?: Readonly<Record<string, Sql>>;
};

/**
 * Statements that find stuck work, by kind of trouble. $1: work that began before this time. See the library
 * `operations`.
 */
export type Stuck = Readonly<Record<string, Sql>>;

interface AnyTable {
  /** Rows are immutable: no role may change or delete them. */
  readonly appendOnly?: true;
  /** The statements for the closing of its workspace. Without them the rows stay. */
  readonly closing?: Closes;
  readonly stuck?: Stuck;
}

export interface TenantTable extends AnyTable {
  /** The exported columns: all except those in `without`, or none, with the reason in `nothing`. */
  readonly export: { readonly without: readonly string[] } | { readonly nothing: string };
  readonly erasure: { readonly keeps: string } | Erases;
  /** Conditions that postpone a buyer's erasure. $1 the tenant, $2 the Telegram id, $3 the time. */
  readonly holdsErasure?: Partial<Readonly<Record<UnderWay, Sql>>>;
  /** A condition that postpones a workspace's closing. $1 the tenant, $2 the time. */
  readonly holdsClosing?: Sql;
  /**
   * Obligations that must end before a bot is removed, by kind: selects of the id as text, whether ending it needs a
   * working token, and why it cannot end automatically (null while it may). $1 the tenant, $2 the bot, $3 the time.
   */
  readonly obliges?: Readonly<Record<string, Sql>>;
  /** Problems that a bot's creator has to know, by kind: subject, count, since, error. $1 the tenant, $2 the bot. */
  readonly problems?: Readonly<Record<string, Sql>>;
}

/** Belongs to no tenant. */
export type PlatformTable = AnyTable;

/**
 * The tables of a library, which only that library writes. Everything about a table besides its columns is defined here
 * only; exports, erasures, closings and staff's list of troubles read it.
 */
export interface Room {
  readonly library: string;
  readonly ofTenants: Readonly<Record<string, TenantTable>>;
  readonly ofPlatform: Readonly<Record<string, PlatformTable>>;
}

/** The Nest token of the rooms of a process, in the order in which an erasure processes them within a phase. */
export const ROOMS = Symbol('rooms');

/** Every column is exported. */
export const ALL = { without: [] } as const;
/** An erasure ignores the table: it contains the workspace's own data. */
export const WORKSPACE_OWN = { keeps: "the workspace's own" } as const;
