import { Turns } from './turns.js';

const full = () => new Error('full');

/** Returns work that ends on request. */
function held() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { end, work: () => ended };
}

describe('turns', () => {
  it('run as many tasks as configured, and the others in the order of arrival', async () => {
    const turns = new Turns(2, 10);
    const began: number[] = [];
    const works = [held(), held(), held(), held()];
    const all = works.map(({ work }, n) =>
      turns.take(() => {
        began.push(n);
        return work();
      }, full),
    );
    await Promise.resolve();
    expect(began).toEqual([0, 1]);
    works[1]?.end();
    await all[1];
    await new Promise(setImmediate);
    expect(began).toEqual([0, 1, 2]);
    for (const { end } of works) end();
    await Promise.all(all);
    expect(began).toEqual([0, 1, 2, 3]);
    expect(turns.idle).toBe(true);
  });

  it('refuse tasks beyond the queue', async () => {
    const turns = new Turns(1, 1);
    const [first, second] = [held(), held()];
    const both = [turns.take(first.work, full), turns.take(second.work, full)];
    await expect(turns.take(async () => 'late', full)).rejects.toThrow('full');
    first.end();
    second.end();
    await Promise.all(both);
    await expect(turns.take(async () => 'later', full)).resolves.toBe('later');
  });

  it('continue after a failed task', async () => {
    const turns = new Turns(1, 1);
    const failed = turns.take(() => Promise.reject(new Error('broken')), full);
    const next = turns.take(async () => 'done', full);
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('done');
    expect(turns.idle).toBe(true);
  });
});
