import { costOf } from '../../../../test/support/cost.js';
import { refuseUnreadable } from './readable.js';
import { InvalidRequest } from './refusals.js';

const fieldsOf = (body: unknown): string[] => {
  try {
    refuseUnreadable(body);
  } catch (error) {
    if (error instanceof InvalidRequest) return error.errors.map(({ path }) => path);
  }
  return [];
};
const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

it('refuseUnreadable reports every field whose text or name cannot be stored', () => {
  expect(fieldsOf({ title: 'a\0b', metadata: { a: ['\ud800'], 'b\0': 'x' }, content: '🧡' }).toSorted()).toEqual([
    'metadata',
    'metadata.a.0',
    'title',
  ]);
});

it('refuseUnreadable reports every field whose name JavaScript reserves, because its value would be lost', () => {
  const body = JSON.parse(
    '{"metadata":{"constructor":"a","b":{"prototype":1}},"list":[{"__proto__":{"x":1}}],"own":"__proto__"}',
  );
  expect(fieldsOf(body).toSorted()).toEqual(['list.0.__proto__', 'metadata.b.prototype', 'metadata.constructor']);
});

it.each([
  ['deep and wide', `${'{"a":'.repeat(30)}[${'0,'.repeat(50_000)}0]${'}'.repeat(30)}`],
  ['of empty lists', `[${'[],'.repeat(34_000)}[]]`],
  ['of lists in lists', `[${'[[[[]]]],'.repeat(11_000)}[]]`],
  ['of names', `{${Array.from({ length: 11_000 }, (_, n) => `"${n}":1`).join()}}`],
  ['of faults', `[${'"\\u0000",'.repeat(11_000)}0]`],
  ['of one long text', `["${'a'.repeat(100_000)}\\u0000"]`],
])('refuseUnreadable checks a body %s at little cost', async (_, text) => {
  const body = JSON.parse(text) as unknown;
  const cost = await costOf(() => fieldsOf(body));
  expect(cost).toBeLessThan(50);
});

it('refuseUnreadable accepts everything that can be stored', () => {
  for (const body of [undefined, null, 5, 'text', [], { a: { b: [1, null, 'д🧡'] } }, nested(32)])
    expect(() => refuseUnreadable(body)).not.toThrow();
});

it('refuseUnreadable rejects deep nesting without exhausting the stack', () => {
  for (const depth of [33, 40_000]) expect(() => refuseUnreadable(nested(depth))).toThrow(InvalidRequest);
});
