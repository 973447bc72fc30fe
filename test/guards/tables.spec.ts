import { existsSync, readdirSync } from 'node:fs';
import { ALL_ROOMS } from '#libs/rooms';
import { EXCEPTIONS } from './foreign-exceptions.js';
import { foreignTouches, tablesOf, type Touch } from './foreign-tables.js';

const touches = foreignTouches();
const said = ({ file, way, table }: Touch) => `${file} ${way} ${table}`;
const excused = new Set(
  EXCEPTIONS.flatMap(({ file, way, tables }) => tables.map((table) => `${file} ${way} ${table}`)),
);

describe('a table', () => {
  it('is written only by its own room', () => {
    const writes = touches.filter(({ way }) => way === 'writes').map(said);
    expect(writes.filter((write) => !excused.has(write))).toEqual([]);
  });

  it('is read only by rooms that can import its owner', () => {
    const reads = touches.filter(({ way, mayImport }) => way === 'reads' && !mayImport).map(said);
    expect(reads.filter((read) => !excused.has(read))).toEqual([]);
  });

  it('has exceptions only with a reason, and only while they apply', () => {
    const found = new Set(touches.filter(({ way, mayImport }) => way === 'writes' || !mayImport).map(said));
    expect([...excused].filter((exception) => !found.has(exception))).toEqual([]);
  });
});

describe('the list of rooms', () => {
  const libraries = readdirSync('libs').filter((name) => existsSync(`libs/${name}/src/tables.ts`));

  it('is complete', () => {
    expect(ALL_ROOMS.map(({ library }) => library).toSorted()).toEqual(libraries.toSorted());
  });

  it('contains each table once', () => {
    const names = ALL_ROOMS.flatMap((room) => [...Object.keys(room.ofTenants), ...Object.keys(room.ofPlatform)]);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });
});

describe('the guard of tables', () => {
  it.each([
    ['select 1 from orders o join charges c on true', ['orders reads', 'charges reads']],
    ['update orders set state = 1 from buyers b', ['orders writes', 'buyers reads']],
    ['select 1 from orders for update', ['orders reads']],
    [
      'with gone as (delete from jobs using mine returning 1) insert into events select 1',
      ['jobs writes', 'events writes'],
    ],
    ['merge into orders using buyers on true', ['orders writes', 'buyers reads']],
    ['What comes from nowhere, and an update of orders', []],
  ])('finds the tables in %s', (sql, found) => {
    expect(tablesOf(sql).map(({ table, way }) => `${table} ${way}`)).toEqual(found);
  });
});
