import type { PlatformTable, Room, Sql, TenantTable } from './table.js';

/**
 * Returns the definition of each kind from the table cards. @throws Error when a kind is not defined exactly once, or
 * is unknown
 */
export function definedOnce<Kind extends string>(
  kinds: readonly Kind[],
  rooms: readonly Room[],
  said: (card: TenantTable | PlatformTable) => Readonly<Record<string, Sql>> | undefined,
): Readonly<Record<Kind, Sql>> {
  const cards = rooms.flatMap((room) => [...Object.values(room.ofTenants), ...Object.values(room.ofPlatform)]);
  const found = cards.flatMap((card) => Object.entries(said(card) ?? {}));
  const names = found.map(([name]) => name);
  const wrong = [
    ...kinds.filter((kind) => names.filter((name) => name === kind).length !== 1),
    ...names.filter((name) => !kinds.some((kind) => kind === name)),
  ];
  if (wrong.length > 0) throw new Error(`not defined exactly once by the tables: ${wrong.join(', ')}`);
  return Object.fromEntries(found) as Record<Kind, Sql>;
}
