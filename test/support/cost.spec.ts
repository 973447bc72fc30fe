import { costOf } from './cost.js';

function burn(ms: number): void {
  const used = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  const before = used();
  while (used() - before < ms);
}

describe('the cost of work', () => {
  it('includes the CPU time of this thread', async () => {
    expect(await costOf(() => burn(60), 25, 2)).toBeGreaterThan(25);
  });

  it('excludes one-time costs', async () => {
    let burnt = false;
    const cost = await costOf(() => {
      if (!burnt) burn(60);
      burnt = true;
    });
    expect(cost).toBeLessThan(25);
  });

  it('excludes waiting time', async () => {
    expect(await costOf(() => new Promise((done) => setTimeout(done, 60)))).toBeLessThan(25);
  });
});
