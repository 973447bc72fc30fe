import { readdirSync, readFileSync } from 'node:fs';
import { SUBJECTS } from '../../apps/dashboard/src/live/changes.js';

const ROOT = 'apps/dashboard/src';
const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!spec)\.tsx?$/.test(file))
  .map((file) => ({ file, text: readFileSync(`${ROOT}/${file}`, 'utf8') }));

describe('answers that creators see', () => {
  /** Queries whose answers no event changes. */
  const LASTING: readonly string[] = ['files', 'installation', 'invitation', 'me', 'qr', 'search', 'status', 'texts'];
  /** Files that ask again by themselves, because what they show is no event. */
  const ASKING: readonly string[] = [
    'api/everywhere.ts',
    'pages/developers/queries.ts',
    'pages/money/queries.ts',
    'pages/orders/queries.ts',
    'pages/subscriptions/queries.ts',
  ];
  const creators = sources.filter(({ file }) => !file.startsWith('staff/'));

  it('are refreshed by events, or never change', () => {
    const keys = creators.flatMap(({ text }) =>
      [...text.matchAll(/(?:queryKey:|const KEY =) \[\s*'([\w-]+)'/g)].map(([, first]) => String(first)),
    );
    expect([...new Set(keys)].toSorted()).toEqual([...SUBJECTS, ...LASTING].toSorted());
  });

  it('are asked for at intervals only where no event tells of them', () => {
    const asking = creators.filter(({ text }) => text.includes('refetchInterval:'));
    expect(asking.map(({ file }) => file).toSorted()).toEqual(ASKING);
  });
});
