import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InvoiceLinkService, NotForEverybody } from '#libs/sales';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { idOf } from '../../http/schema.js';
import {
  type CreateInvoiceLink,
  createInvoiceLinkSchema,
  invoiceLinkSchema,
  invoiceLinkView,
} from './invoice-links.schema.js';
import { ASKS_TELEGRAM, Refuses } from '../../http/refuses.js';
import { ProductNotActive } from '#libs/catalog';
import { Answers } from '../../http/answers.js';

const productId = idOf('product');

@ApiTags('Products')
@Controller('v1/products/:id/invoice-links')
export class InvoiceLinksController {
  constructor(private readonly links: InvoiceLinkService) {}

  @Post()
  @Idempotency({ callsOut: true })
  @Creator('products:write')
  @Refuses(...ASKS_TELEGRAM, NotForEverybody, ProductNotActive)
  @ApiOperation({
    summary: 'Create an invoice that anyone can pay',
    description:
      'The link opens the invoice anywhere in Telegram, without a chat with the bot, and many people can ' +
      'pay it. Each buyer gets their own order at the time of payment: stock, limits and the sale are ' +
      'checked then, promo codes do not apply. Telegram cannot revoke a link, so its price is checked: ' +
      'once the product has another price or is off sale, payments through the link are refused. Subscriptions ' +
      'have no such links.',
  })
  @Answers(201, invoiceLinkSchema, 'The link.')
  async create(
    @Who() { tenantId }: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Body({ schema: createInvoiceLinkSchema }) { source, language }: CreateInvoiceLink,
  ) {
    return invoiceLinkView(await this.links.make(tenantId, id, { source, language }));
  }
}
