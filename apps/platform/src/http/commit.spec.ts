import { Commit } from './commit.js';

function prepared(work: () => Promise<unknown>) {
  const seen: string[] = [];
  const commit = new Commit(work, undefined, async () => void seen.push('taken back'));
  return { commit, seen };
}

describe('a preparation', () => {
  it('is kept if the work succeeds', async () => {
    const { commit, seen } = prepared(async () => 'made');
    await expect(commit.run((work) => work())).resolves.toBe('made');
    expect(seen).toEqual([]);
  });

  it('is undone if the work fails', async () => {
    const { commit, seen } = prepared(() => Promise.reject(new Error('no room')));
    await expect(commit.run((work) => work())).rejects.toThrow('no room');
    expect(seen).toEqual(['taken back']);
  });

  it('is undone if an earlier response is replayed', async () => {
    const { commit, seen } = prepared(async () => 'not asked');
    const answered = commit.run(
      async () => ({ body: 'first', replayed: true }),
      ({ replayed }) => !replayed,
    );
    await expect(answered).resolves.toEqual({ body: 'first', replayed: true });
    expect(seen).toEqual(['taken back']);
  });
});
