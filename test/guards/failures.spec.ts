import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_TYPES, JOB_KINDS } from '#libs/journal';

const page = readFileSync('docs/failures.md', 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| `([a-z]+\.[a-z]+)` \| `([a-z_]+\.[a-z_]+)` \|/gm)].map(([, kind, event]) => [
    String(kind),
    String(event),
  ]),
);

const files = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.handler.ts'))
    .map((path) => join(root, path));

/** What a job's handler does when the last try has failed, as its source says. */
const handlers = files('apps/worker/src').flatMap((path) => {
  const source = readFileSync(path, 'utf8');
  const kind = /readonly kind = '([a-z.]+)'/.exec(source)?.[1];
  return kind === undefined ? [] : [{ kind, givesUp: /^ {2}(?:async )?giveUp\(/m.test(source) }];
});

describe('docs/failures.md', () => {
  it('says of every kind of job what happens when it is parked, and of no other', () => {
    expect([...rows.keys()].sort()).toEqual([...JOB_KINDS].sort());
    expect(handlers.map(({ kind }) => kind).sort()).toEqual([...JOB_KINDS].sort());
  });

  it('names events that there are', () => {
    const named = [...page.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name]) => String(name));
    const known = new Set<string>([...EVENT_TYPES, ...JOB_KINDS]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(JOB_KINDS)(
    'says of %s that job.parked is recorded exactly when its handler does not say anything itself',
    (kind) => {
      const handler = handlers.find((one) => one.kind === kind);
      expect(handler?.givesUp).toBe(rows.get(kind) !== 'job.parked');
    },
  );
});
