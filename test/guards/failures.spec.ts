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

/** Finds, by job, the source of each handler and what it does after the last attempt. */
const handlers = files('apps/worker/src').flatMap((path) => {
  const source = readFileSync(path, 'utf8');
  const kind = /readonly kind = '([a-z.]+)'/.exec(source)?.[1];
  return kind === undefined ? [] : [{ kind, givesUp: /^ {2}(?:async )?giveUp\(/m.test(source) }];
});

describe('docs/failures.md', () => {
  it('describes the parking of exactly the existing kinds of jobs', () => {
    expect([...rows.keys()].sort()).toEqual([...JOB_KINDS].sort());
    expect(handlers.map(({ kind }) => kind).sort()).toEqual([...JOB_KINDS].sort());
  });

  it('mentions only existing events', () => {
    const named = [...page.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, name]) => String(name));
    const known = new Set<string>([...EVENT_TYPES, ...JOB_KINDS]);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(JOB_KINDS)('gives job.parked for %s exactly when its handler does not record another event', (kind) => {
    const handler = handlers.find((one) => one.kind === kind);
    expect(handler?.givesUp).toBe(rows.get(kind) !== 'job.parked');
  });
});
