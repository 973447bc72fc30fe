import type { DataSource } from 'typeorm';
import { type NewProduct, ProductService } from '#libs/catalog';
import type { Database } from '#libs/database';
import { EventStore } from '#libs/journal';
import { DAY, HOUR, NotFound } from '#libs/kernel';
import { openTestDatabase, testBox } from '../../../../test/support/database.js';
import { quotasAt } from '../../../../test/support/quotas.js';
import { openShop } from '../../../../test/support/shop.js';
import { Names, Outbound } from '../index.js';
import { FulfilmentProducts } from './fulfilment-product.service.js';

let db: Database;
let source: DataSource;
let now: Date;
const later = (ms: number) => (now = new Date(now.getTime() + ms));
const addresses = { loopbackWebhooks: false, publicUrl: 'https://a.example', ingressUrl: 'https://a.example' };
const products = new FulfilmentProducts(
  new ProductService(new EventStore(), quotasAt()),
  new Outbound(addresses, new Names()),
  testBox(),
  { now: () => now },
);

beforeAll(async () => ({ db, source } = await openTestDatabase()));
afterAll(() => source.destroy());
beforeEach(() => {
  now = new Date();
});

/** Creates a product that the creator's server fulfils, with its secret. */
async function createProduct() {
  const shop = await openShop(db);
  const fields = { botId: shop.botId, kind: 'callback', title: 'Chart', description: 'A chart', stars: 5 } as const;
  const server = { fulfilmentUrl: 'https://creator.com/', fulfilmentDeadlineSeconds: 3_600 };
  const { product, secret } = await shop.in((tx) => products.create(tx, { ...fields, ...server } as NewProduct));
  const signs = () => shop.in((tx) => products.secrets(tx, product.id));
  const rotate = async () => (await shop.in((tx) => products.rotateSecret(tx, product.id))).secret;
  return { shop, id: product.id, secret, signs, rotate };
}

describe("the rotation of a product's secret", () => {
  it('signs with both secrets for 24 hours, and with the new one alone afterwards', async () => {
    const { secret: former, signs, rotate } = await createProduct();
    expect(await signs()).toEqual([former]);
    const secret = await rotate();
    expect(await signs()).toEqual([secret, former]);
    later(DAY - 1);
    expect(await signs()).toEqual([secret, former]);
    later(1);
    expect(await signs()).toEqual([secret]);
  });

  it('keeps one previous secret: a second rotation drops the first and restarts the 24 hours', async () => {
    const { signs, rotate } = await createProduct();
    const second = await rotate();
    later(23 * HOUR);
    const third = await rotate();
    later(23 * HOUR);
    expect(await signs()).toEqual([third, second]);
    later(HOUR);
    expect(await signs()).toEqual([third]);
  });

  it('is refused for another workspace, like reading the secret', async () => {
    const [{ id, secret, signs }, other] = [await createProduct(), await openShop(db)];
    await expect(other.in((tx) => products.secrets(tx, id))).rejects.toThrow(NotFound);
    await expect(other.in((tx) => products.rotateSecret(tx, id))).rejects.toThrow(NotFound);
    expect(await signs()).toEqual([secret]);
  });
});
