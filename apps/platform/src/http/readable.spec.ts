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

it('names every field whose text cannot be stored, in names as well', () => {
  expect(fieldsOf({ title: 'a\0b', metadata: { a: ['\ud800'], 'b\0': 'x' }, content: '🧡' }).toSorted()).toEqual([
    'metadata',
    'metadata.a.0',
    'title',
  ]);
});

it('lets pass what can be stored', () => {
  for (const body of [undefined, null, 5, 'text', [], { a: { b: [1, null, 'д🧡'] } }, nested(32)])
    expect(() => refuseUnreadable(body)).not.toThrow();
});

it('refuses what is nested without end, and needs no stack for it', () => {
  for (const depth of [33, 40_000]) expect(() => refuseUnreadable(nested(depth))).toThrow(InvalidRequest);
});
