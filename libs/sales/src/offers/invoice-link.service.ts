import { Injectable } from '@nestjs/common';
import { invoiceDescription, type Product, ProductNotActive, ProductService } from '#libs/catalog';
import { Database } from '#libs/database';
import { withPhoto } from '#libs/telegram';
import { BotCalls } from '#libs/tenants';
import { offerPayload } from '../charges/offer-payload.js';
import { isForEverybody, NotForEverybody } from './offer.js';

export interface InvoiceLink {
  readonly product: Product;
  readonly source: string | undefined;
  readonly url: string;
}

/** Links that open an invoice anywhere in Telegram. */
@Injectable()
export class InvoiceLinkService {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly bots: BotCalls,
  ) {}

  /**
   * A link that anyone can pay, repeatedly; each payment is an order. It has the current price, and can no longer be
   * paid once the product has another price or is off sale (Telegram cannot revoke links).
   * @throws NotFound, ProductNotActive, NotForEverybody, BotNotInState, TenantRestricted, TelegramSaidNo,
   * TelegramUnavailable
   */
  async make(
    tenantId: string,
    productId: string,
    { source, language }: { readonly source: string | undefined; readonly language: string },
  ): Promise<InvoiceLink> {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, productId));
    if (!isForEverybody(product)) throw new NotForEverybody();
    if (product.state !== 'active') throw new ProductNotActive();
    const bot = await this.bots.open(tenantId, product.botId, 'sell');
    const words = bot.words(language, productId);
    const title = words.title(product.title);
    const description = invoiceDescription(product, words);
    const payload = offerPayload({ productId, priceVersion: product.priceVersion, source });
    const prices = [{ label: title, amount: product.stars }];
    const url = await this.bots.ask(bot, (api) =>
      withPhoto(product.photoUrl, (photo) =>
        api.createInvoiceLink(title, description, payload, '', 'XTR', prices, photo),
      ),
    );
    return { product, source, url };
  }
}
