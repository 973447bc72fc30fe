import type { DataSource, QueryRunner } from 'typeorm';
import { openAsOwner } from '../support/database.js';
import { Creator, type Starwall, startStarwall } from '../support/starwall.js';

let starwall: Starwall;
let owner: DataSource;
let lock: QueryRunner;
beforeAll(async () => {
  [starwall, owner] = [await startStarwall(), await openAsOwner()];
  lock = owner.createQueryRunner();
});
afterAll(async () => {
  await lock.release();
  await owner.destroy();
  await starwall.stop();
});

/** While it lasts, whoever asks for orders waits. */
async function whileOrdersAreSlow<T>(work: () => Promise<T>): Promise<T> {
  await lock.query('begin');
  await lock.query('lock table orders in access exclusive mode');
  try {
    return await work();
  } finally {
    await lock.query('rollback');
  }
}

describe('attack 27: a noisy neighbour', () => {
  it('whose questions are slow, with however many keys, takes no place of anybody else', async () => {
    const [loud, quiet] = [await Creator.signUp(starwall), await Creator.signUp(starwall)];
    const keys: string[] = [];
    for (let n = 0; n < 5; n += 1)
      keys.push((await loud.post('/v1/api-keys', { name: 'Key', scopes: ['orders:read'] }).expect(201)).body.key);
    let answered = 0;
    const { flood, meanwhile } = await whileOrdersAreSlow(async () => {
      const asked = Array.from({ length: 110 }, (_, n) =>
        starwall
          .http()
          .get('/v1/orders')
          .set('authorization', `Bearer ${keys[n % keys.length]}`)
          .then(({ status, body }) => {
            if (status === 200) answered += 1;
            return status === 200 ? 200 : `${status} ${body.code}`;
          }),
      );
      await quiet.get('/v1/bots').expect(200);
      await quiet.get('/v1/endpoints').expect(200);
      return { flood: asked, meanwhile: answered };
    });
    expect(meanwhile).toBe(0);
    const statuses = await Promise.all(flood);
    expect(statuses.filter((status) => status === 200)).toHaveLength(104);
    expect(statuses.filter((status) => status === '429 too_many_at_once')).toHaveLength(6);
    await loud.get('/v1/orders').expect(200);
  });
});
