import { Batches } from './batches.js';

const GATHERING = { sideBySide: 1, forMs: 5 };

/** Returns batches that record their sizes; one that contains `poison` fails. */
function noted() {
  const sizes: number[] = [];
  const batches = new Batches<string>(async (items) => {
    sizes.push(items.length);
    if (items.includes('poison')) throw new Error('spoilt');
  }, GATHERING);
  return { batches, sizes };
}

describe('a batch', () => {
  it('contains everything added in one turn of the event loop', async () => {
    const { batches, sizes } = noted();
    await Promise.all(['a', 'b', 'c'].map((item) => batches.add(item)));
    expect(sizes).toEqual([3]);
  });

  it('gathers later items only when the previous batch had several', async () => {
    const { batches, sizes } = noted();
    await batches.add('a');
    await batches.add('b');
    expect(sizes).toEqual([1, 1]);
    await Promise.all(['c', 'd'].map((item) => batches.add(item)));
    const late = new Promise((resolve) => setImmediate(resolve)).then(() => batches.add('f'));
    await Promise.all([batches.add('e'), late]);
    expect(sizes).toEqual([1, 1, 2, 2]);
  });

  it('rejects only the item that made it fail', async () => {
    const { batches, sizes } = noted();
    const added = ['a', 'poison', 'b'].map((item) => batches.add(item));
    expect((await Promise.allSettled(added)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(sizes).toEqual([3, 1, 1, 1]);
  });
});
