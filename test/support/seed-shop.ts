import { newUuid } from '#libs/kernel';
import { Buyer, Creator, eventually, type RegisteredBot, type Starwall } from './starwall.js';

type Body = Record<string, unknown>;

/** An order as the API returns it alone, with its charges and refunds. */
export interface SeenOrder extends Body {
  readonly id: string;
  readonly status: string;
  readonly charges: readonly { readonly id: string; readonly telegram_payment_charge_id: string }[];
}

/** One creator with one bot, set up through the API only, like a system of the seed documents. */
export class SeedShop {
  private constructor(
    readonly starwall: Starwall,
    readonly creator: Creator,
    readonly bot: RegisteredBot,
  ) {}

  static async open(starwall: Starwall, name: string): Promise<SeedShop> {
    const creator = await Creator.signUp(starwall);
    return new SeedShop(starwall, creator, await creator.registerBot(name));
  }

  /** Puts a product on sale. @returns the API's answer */
  async sells(product: Body): Promise<Body & { readonly id: string }> {
    const answer = await this.creator.post('/v1/products', { bot_id: this.bot.id, ...product }).expect(201);
    return answer.body as Body & { readonly id: string };
  }

  /** Creates a person who has pressed Start. */
  async meets(stars = 1_000, language_code = 'en'): Promise<Buyer> {
    const buyer = await Buyer.meets(this.starwall, this.bot.telegramId, stars, { language_code });
    await buyer.says('/start');
    await buyer.sees(({ text }) => text !== undefined, 'the welcome');
    return buyer;
  }

  /** Follows the product's link, pays the invoice, and waits for the goods. @returns the order */
  async buys(buyer: Buyer, product: { readonly id: string }): Promise<SeenOrder> {
    await buyer.pays(await buyer.wants(product.id));
    return this.orderOf(buyer, 'delivered', product);
  }

  /** Waits until the newest order of a buyer, for one product if given, has a status. */
  orderOf(buyer: Buyer, status: string, product?: { readonly id: string }): Promise<SeenOrder> {
    const wanted = product === undefined ? '' : `&product_id=${product.id}`;
    return eventually(`an order that is ${status}`, async () => {
      const { body } = await this.creator.get(`/v1/orders?buyer_telegram_id=${buyer.id}${wanted}&limit=1`).expect(200);
      return body.data[0]?.status === status && this.order(String(body.data[0].id));
    });
  }

  async order(id: string): Promise<SeenOrder> {
    return (await this.creator.get(`/v1/orders/${id}`).expect(200)).body as SeenOrder;
  }

  /** Refunds an order, and waits for the refund. */
  async refunds(order: { readonly id: string }): Promise<SeenOrder> {
    await this.creator.post(`/v1/orders/${order.id}/refunds`).expect(202);
    return eventually('the refund', async () => {
      const seen = await this.order(order.id);
      return seen.status === 'refunded' && seen;
    });
  }

  /** Calls the API for a buyer's credits, like the creator's server: `debits`, `reservations` or `grants`. */
  credits(buyer: Buyer, unit: string, what: string, body: Body, key = newUuid()) {
    return this.creator.post(`/v1/buyers/${buyer.id}/credits/${unit}/${what}`, body).set('idempotency-key', key);
  }

  /** Spends Stars of the bot or of a business account, with confirmation. */
  spends(path: string, body: Body) {
    return this.creator.post(path, { ...body, confirm: true }).set('idempotency-key', newUuid());
  }

  /** Returns the credits of a unit that a buyer can spend now. */
  async available(buyer: Buyer, unit: string): Promise<number> {
    const { body } = await this.creator.get(`/v1/buyers/${buyer.id}/credits`).expect(200);
    return body.data.find((held: Body) => held['unit'] === unit)?.available ?? 0;
  }
}
