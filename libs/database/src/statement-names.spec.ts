import { StatementNames } from './statement-names.js';

const named = (names: StatementNames, text: string, times = 3) =>
  Array.from({ length: times }, () => names.nameOf('starwall_app', text));

it('a statement is named when sent for the third time, and keeps its name', () => {
  const [first, second, third, fourth] = named(new StatementNames(), 'select 1', 4);
  expect([first, second]).toEqual([undefined, undefined]);
  expect(third).toMatch(/^[\w-]{43}$/);
  expect(fourth).toBe(third);
});

it('the same text has a different name for each role, because its plan depends on the role', () => {
  const names = new StatementNames();
  const app = named(names, 'select 1').at(-1);
  const platform = [1, 2, 3].map(() => names.nameOf('starwall_platform', 'select 1')).at(-1);
  expect(platform).toBeDefined();
  expect(platform).not.toBe(app);
});

it('the number of names is limited, so that generated texts do not fill a connection', () => {
  const names = new StatementNames();
  const made = Array.from({ length: 1_000 }, (_, n) => named(names, `select ${n}`).at(-1));
  expect(new Set(made.filter((name) => name !== undefined)).size).toBe(400);
  expect(names.nameOf('starwall_app', 'select 0')).toBe(made[0]);
});

it('texts sent once do not displace the names of others', () => {
  const names = new StatementNames();
  for (let n = 0; n < 10_000; n += 1) names.nameOf('starwall_app', `select ${n}`);
  expect(named(names, 'select often').at(-1)).toBeDefined();
});

describe.each(['26000', '42P05'])('a pooler that answers %s', (code) => {
  it('is reported once, with the missing setting, and turns all names off', () => {
    const said: string[] = [];
    const names = new StatementNames(true, (sentence) => said.push(sentence));
    named(names, 'select 1');
    expect([names.isAbout(code, ''), names.isAbout(code, '')]).toEqual([true, true]);
    expect(said).toEqual([expect.stringContaining('DATABASE_PREPARED_STATEMENTS=false')]);
    expect(named(names, 'select 1').at(-1)).toBeUndefined();
  });
});

it('a statement whose result columns have changed gets a new name', () => {
  const names = new StatementNames();
  const before = named(names, 'select 1').at(-1);
  expect(names.isAbout('0A000', 'cached plan must not change result type')).toBe(true);
  const after = named(names, 'select 1').at(-1);
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
});

it('other errors are not about names', () => {
  const names = new StatementNames();
  expect(names.isAbout('23505', 'duplicate key')).toBe(false);
  expect(names.isAbout('0A000', 'not supported')).toBe(false);
  expect(names.isAbout(undefined, 'no code')).toBe(false);
});

it('statements have no names when these are turned off', () => {
  expect(named(new StatementNames(false), 'select 1', 5).at(-1)).toBeUndefined();
});
