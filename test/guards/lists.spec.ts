import { readFileSync } from 'node:fs';
import { sources } from './foreign-tables.js';

/** PostgreSQL compares each row with every element of such a list (see `isNoneOf` in `libs/journal/src/event.store.ts`). */
const LEFT_OUT_ONE_BY_ONE = /not \(\s*[\w.]+ = any ?\(\$|<> all ?\(\$/;

it('no statement leaves out the elements of a list that grows one by one', () => {
  const files = ['libs', 'apps'].flatMap(sources);
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => LEFT_OUT_ONE_BY_ONE.test(readFileSync(file, 'utf8')))).toEqual([]);
  expect('where not (id = any($3::uuid[]))').toMatch(LEFT_OUT_ONE_BY_ONE);
});
