import {
  CLOSING_PHASES,
  type ClosingPhase,
  ERASURE_PHASES,
  type Erases,
  type Room,
  definedOnce,
  type Scrub,
  type Sql,
  type TenantTable,
  type UnderWay,
} from '#libs/database';

type Rooms = readonly Room[];
type Named<T> = readonly (readonly [table: string, card: T])[];

/** The tenant tables, in the order of the rooms and of their cards. */
export const tenantTables = (rooms: Rooms): Named<TenantTable> =>
  rooms.flatMap((room) => Object.entries(room.ofTenants));

const all = (sql: Sql | readonly Sql[] | undefined): readonly Sql[] => (typeof sql === 'string' ? [sql] : (sql ?? []));

const erasing = (rooms: Rooms): Named<Erases> =>
  tenantTables(rooms).flatMap(([table, { erasure }]) => ('erases' in erasure ? [[table, erasure] as const] : []));

/** The `with` clause of a statement. @param first queries that the others may read */
const head = (first: readonly string[], finds: readonly (Readonly<Record<string, Sql>> | undefined)[]) => {
  const parts = [
    ...first,
    ...finds.flatMap((each) => Object.entries(each ?? {})).map(([name, sql]) => `${name} as (${sql})`),
  ];
  return parts.length === 0 ? '' : `with ${parts.join(', ')} `;
};

const PAIRS = 'p as (select * from unnest($2::bigint[], $3::bigint[]) as p (telegram_id, pseudonym))';
/** Gives each parameter a type, even in statements that do not use it. */
const GIVEN = 'given as (select $1::uuid, $2::text, $3::text, $4::timestamptz';

/** The statements that erase one buyer, or many. */
export interface ErasurePlan {
  /** Lock a buyer's rows. $1 the tenant, $2 the Telegram id. */
  readonly locks: readonly Sql[];
  /** Tests whether anything about a buyer is stored, as `known`. $1 the tenant, $2 the Telegram id. */
  readonly known: Sql;
  /** The Telegram ids of buyers who are not erased, as `"telegramId"`. $1 the tenant, $2 the limit. */
  readonly persons: Sql;
  /** Replace persons by pseudonyms. $1 the tenant, $2 Telegram ids, $3 pseudonyms. */
  readonly replace: readonly Sql[];
  /**
   * Replace one person in free-form data. The last parameter of a statement with `after` is the ids that the named
   * statement returned.
   */
  readonly scrub: readonly (Scrub & { readonly table: string })[];
}

export function erasurePlan(rooms: Rooms): ErasurePlan {
  const cards = erasing(rooms);
  const knowing = cards.flatMap(([table, { knows }]) => (knows === undefined ? [] : [{ table, knows }]));
  const finds = head(
    [PAIRS],
    cards.map(([, card]) => card.finds),
  );
  return {
    locks: cards.flatMap(([, { locks }]) => all(locks)),
    known: `select ${knowing.map(({ table, knows }) => `exists (select from ${table} where tenant_id = $1 and ${knows} = $2)`).join(' or ')} as known`,
    persons: `select person as "telegramId" from (${knowing
      .map(({ table, knows }) => `select ${knows} as person from ${table} where tenant_id = $1 and ${knows} > 0`)
      .join(' union ')}) persons limit $2`,
    replace: ERASURE_PHASES.flatMap((phase) => cards.flatMap(([, card]) => all(card.by?.[phase]))).map(
      (sql) => finds + sql,
    ),
    scrub: scrubs(cards),
  };
}

/** A statement that needs the ids of another table's rows directly follows that one. */
function scrubs(cards: Named<Erases>): ErasurePlan['scrub'] {
  const found = cards.flatMap(([table, { scrub }]) => (scrub === undefined ? [] : [{ table, ...scrub }]));
  const behind = (table: string) => found.filter(({ after }) => after === table);
  return found
    .filter(({ after }) => after === undefined)
    .flatMap((first) => [first, ...behind(first.table)])
    .map((one) => ({ ...one, sql: `with ${GIVEN}${one.after === undefined ? '' : ', $5::uuid[]'}) ${one.sql}` }));
}

/**
 * Reasons to postpone a buyer's erasure: a row with a boolean per name. $1 the tenant, $2 the Telegram id, $3 the time.
 */
export function underWayQuery(rooms: Rooms, names: readonly UnderWay[]): Sql {
  const cards = tenantTables(rooms);
  const columns = names.map((name) => {
    const holds = cards.flatMap(([, { holdsErasure }]) => all(holdsErasure?.[name]));
    return `${['false', ...holds].join(' or ')} as ${name}`;
  });
  return `with given as (select $1::uuid, $2::bigint, $3::timestamptz) select ${columns.join(', ')}`;
}

/** Tests whether anything delays the closing of a workspace, as `busy`. $1 the tenant, $2 the time. */
export function busyQuery(rooms: Rooms): Sql {
  const holds = tenantTables(rooms).flatMap(([, { holdsClosing }]) => all(holdsClosing));
  return `with given as (select $1::uuid, $2::timestamptz) select ${['false', ...holds].join(' or ')} as busy`;
}

/** The statements of each phase of a closing. $1 is the tenant. */
export function closingPlan(rooms: Rooms): Readonly<Record<ClosingPhase, readonly Sql[]>> {
  const cards = rooms.flatMap((room) => [...Object.values(room.ofTenants), ...Object.values(room.ofPlatform)]);
  const finds = head(
    [],
    cards.map(({ closing }) => closing?.finds),
  );
  const of = (phase: ClosingPhase) => cards.flatMap(({ closing }) => all(closing?.[phase])).map((sql) => finds + sql);
  const [workspace, platform, end] = CLOSING_PHASES;
  return { [workspace]: of(workspace), [platform]: of(platform), [end]: of(end) } as Readonly<
    Record<ClosingPhase, readonly Sql[]>
  >;
}

/** Exported tables, each with the columns that are left out. */
export const exportPlan = (rooms: Rooms): ReadonlyMap<string, readonly string[]> =>
  new Map(
    tenantTables(rooms).flatMap(([table, { export: leaves }]) =>
      'without' in leaves ? [[table, leaves.without] as const] : [],
    ),
  );

/**
 * All obligations of a bot: `kind`, `id`, `speaks`, `failure`. $1 the tenant, $2 the bot, $3 the time.
 * @throws Error when a kind has no select, or two
 */
export function obligationsQuery(rooms: Rooms, kinds: readonly string[]): Sql {
  const said = definedOnce(kinds, rooms, (card) => ('obliges' in card ? card.obliges : undefined));
  return kinds
    .map((kind) => `select '${kind}' as kind, owed.* from (${said[kind]}) as owed (id, speaks, failure)`)
    .join(' union all ');
}
