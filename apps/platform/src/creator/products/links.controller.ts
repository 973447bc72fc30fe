import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { toString } from 'qrcode';
import { ProductService } from '#libs/catalog';
import { Database } from '#libs/database';
import { BotService } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { qrPng } from './qr-png.js';
import { linksOf, type LinksQuery, linksQuery, linksSchema, type QrQuery, qrQuery } from './links.schema.js';
import { Answers } from '../../http/answers.js';

const productId = idOf('product');

/** Minimum width of a PNG in pixels: sharp on a poster, a few kilobytes large. */
const WIDTH = 1_024;

@ApiTags('Products')
@Controller('v1/products/:id')
export class LinksController {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly bots: BotService,
  ) {}

  @Get('links')
  @Creator('products:read')
  @ApiOperation({
    summary: 'Get the links to a product',
    description: 'They also work for hidden products. With a `source`, orders and metrics show where buyers came from.',
  })
  @Answers(200, linksSchema, 'The links.')
  links(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Query({ schema: linksQuery }) query: LinksQuery,
  ) {
    return this.linksTo(who.tenantId, id, query.source);
  }

  @Get('qr')
  @Creator('products:read')
  @ApiOperation({ summary: 'Get a link to a product as a QR code' })
  @ApiProduces('image/png', 'image/svg+xml')
  @ApiOkResponse({ description: 'The picture.', schema: { type: 'string', format: 'binary' } })
  async qr(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Query({ schema: qrQuery }) { source, to, format }: QrQuery,
  ) {
    const links = await this.linksTo(who.tenantId, id, source);
    const url = to === 'buy' ? links.buy_url : links.card_url;
    if (format === 'svg') {
      return new StreamableFile(Buffer.from(await toString(url, { type: 'svg' })), { type: 'image/svg+xml' });
    }
    return new StreamableFile(qrPng(url, WIDTH), { type: 'image/png' });
  }

  private async linksTo(tenantId: string, id: string, source: string | undefined) {
    const product = await this.db.inTenant(tenantId, (tx) => this.products.get(tx, id));
    const bot = await this.bots.get(tenantId, product.botId);
    return linksOf(bot.username, id, source);
  }
}
