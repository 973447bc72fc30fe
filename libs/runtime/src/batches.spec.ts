import { Batches } from './batches.js';

const GATHERING = { sideBySide: 1, forMs: 5 };

/** Batches whose sizes are noted; one with `poison` fails. */
function noted() {
  const sizes: number[] = [];
  const batches = new Batches<string>(async (items) => {
    sizes.push(items.length);
    if (items.includes('poison')) throw new Error('spoilt');
  }, GATHERING);
  return { batches, sizes };
}

describe('a batch', () => {
  it('holds everything of one turn of the event loop', async () => {
    const { batches, sizes } = noted();
    await Promise.all(['a', 'b', 'c'].map((item) => batches.add(item)));
    expect(sizes).toEqual([3]);
  });

  it('gathers what arrives later only when the last one held several', async () => {
    const { batches, sizes } = noted();
    await batches.add('a');
    await batches.add('b');
    expect(sizes).toEqual([1, 1]);
    await Promise.all(['c', 'd'].map((item) => batches.add(item)));
    const late = new Promise((resolve) => setImmediate(resolve)).then(() => batches.add('f'));
    await Promise.all([batches.add('e'), late]);
    expect(sizes).toEqual([1, 1, 2, 2]);
  });

  it('that fails spoils only the item it failed for', async () => {
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
