import { codeState } from './code-state';

const now = new Date('2026-11-30T12:00:00Z');
const code = { state: 'active', starts_at: null, ends_at: null, max_uses: null, uses: 3 } as const;

it.each([
  ['valid', {}],
  ['archived', { state: 'archived', ends_at: '2026-11-30T11:00:00Z' }],
  ['scheduled', { starts_at: '2026-11-30T12:00:00.001Z' }],
  ['valid', { starts_at: '2026-11-30T12:00:00Z' }],
  ['valid', { ends_at: '2026-11-30T12:00:00.001Z' }],
  ['over', { ends_at: '2026-11-30T12:00:00Z' }],
  ['valid', { max_uses: 4 }],
  ['usedUp', { max_uses: 3 }],
] as const)('a promo code is %s with %j', (state, changes) => {
  expect(codeState({ ...code, ...changes }, now)).toBe(state);
});
