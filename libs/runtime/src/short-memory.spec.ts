import { memoryOf, ShortMemory } from './short-memory.js';

let now: number;
const clock = () => new Date(now);
beforeEach(() => {
  now = Date.UTC(2031, 0, 1);
});

describe('a memory', () => {
  it('drops expired values, and the least recently used ones when there are too many', () => {
    const memory = memoryOf<{ readonly is: string }>(1_000, 2, clock);
    memory.set('a', { is: 'A' });
    now += 500;
    memory.set('b', { is: 'B' });
    now += 499;
    expect(memory.get('a')).toEqual({ is: 'A' });
    now += 1;
    expect(memory.get('a')).toBeUndefined();
    memory.set('c', { is: 'C' });
    memory.get('b');
    memory.set('d', { is: 'D' });
    expect([memory.get('b'), memory.get('c'), memory.get('d')]).toEqual([{ is: 'B' }, undefined, { is: 'D' }]);
    expect(memory.size).toBe(2);
  });
});

describe('a short memory', () => {
  const counting = (value: string | undefined) => {
    const reads = { count: 0 };
    const read = async () => {
      reads.count += 1;
      return value;
    };
    return { reads, read };
  };
  const memory = () => new ShortMemory<string>(5_000, 10, clock);

  it('reads once for all callers within its lifetime, and again later', async () => {
    const reader = memory();
    const { reads, read } = counting('it');
    const asked = [reader.get('k', read), reader.get('k', read)];
    now += 4_999;
    expect(await Promise.all([...asked, reader.get('k', read)])).toEqual(['it', 'it', 'it']);
    expect(reads.count).toBe(1);
    now += 1;
    await reader.get('k', read);
    expect(reads.count).toBe(2);
  });

  it('measures age from the start of a read, however long the read takes', async () => {
    const reader = memory();
    const { reads, read } = counting('it');
    await reader.get('k', async () => {
      now += 4_000;
      return 'slow';
    });
    now += 1_000;
    expect(await reader.get('k', read)).toBe('it');
    expect(reads.count).toBe(1);
  });

  it('reads again for a caller that wants a younger value', async () => {
    const reader = memory();
    const { reads, read } = counting('it');
    await reader.get('k', read);
    now += 999;
    await reader.get('k', read, 1_000);
    now += 1;
    await reader.get('k', read, 1_000);
    expect(reads.count).toBe(2);
  });

  it('stores neither missing values nor failed reads', async () => {
    const reader = memory();
    await reader.get('nothing', counting(undefined).read);
    await expect(reader.get('broken', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(reader.size).toBe(0);
  });

  it('returns the last value during a covered failure, and reads again each time it is too old', async () => {
    const grace = { keptMs: 60_000, covers: (failure: unknown) => failure === 'away' };
    const reader = new ShortMemory<string>(5_000, 10, clock, grace);
    const fails = async (failure: string): Promise<string> => {
      reads.count += 1;
      throw failure;
    };
    const { reads, read } = counting('it');
    await reader.get('k', read);
    for (let n = 0; n < 20; n += 1) {
      now += 5_000;
      expect(await Promise.all([reader.get('k', () => fails('away')), reader.get('k', read)])).toEqual(['it', 'it']);
    }
    expect(reads.count).toBe(21);
    now += 5_000;
    expect(await reader.get('k', counting('changed').read)).toBe('changed');
    now += 5_000;
    await expect(reader.get('k', () => fails('a mistake'))).rejects.toBe('a mistake');
    await expect(reader.get('k', () => fails('away'))).rejects.toBe('away');
  });

  it('returns no last value older than its grace period', async () => {
    const reader = new ShortMemory<string>(5_000, 10, clock, { keptMs: 60_000, covers: () => true });
    await reader.get('k', counting('it').read);
    now += 60_000;
    await expect(reader.get('k', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  it('never grows beyond its limit', async () => {
    const reader = memory();
    for (let i = 0; i < 50; i += 1) await reader.get(`k${i}`, counting('it').read);
    expect(reader.size).toBe(10);
  });

  it('forgets on request, and does not store a read in progress', async () => {
    const reader = memory();
    const { reads, read } = counting('it');
    const underWay = reader.get('k', read);
    reader.forget((key) => key === 'k');
    expect(await underWay).toBe('it');
    await reader.get('k', read);
    expect(reads.count).toBe(2);
  });
});
