import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChatNotReady, InvalidProduct, priceView, ProductService, productView, productViewSchema } from '#libs/catalog';
import { Database } from '#libs/database';
import { FulfilmentProducts, NoFulfilmentSecret, UnsafeAddress } from '#libs/delivery';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { priceListSchema, productListSchema, savedProductView, savedProductViewSchema } from './product-view.js';
import {
  type CreateProduct,
  changeOf,
  createProductSchema,
  type ListPrices,
  type ListProducts,
  listPricesSchema,
  listProductsSchema,
  packOf,
  promiseOf,
  type UpdateProduct,
  updateProductSchema,
} from './products.schema.js';
import { Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { NotFound } from '#libs/kernel';
import { Answers } from '../../http/answers.js';

const productId = idOf('product');

@ApiTags('Products')
@Controller('v1/products')
export class ProductsController {
  constructor(
    private readonly db: Database,
    private readonly products: ProductService,
    private readonly fulfilled: FulfilmentProducts,
  ) {}

  @Post()
  @Idempotency({ prepares: true })
  @Creator('products:write')
  @Refuses(ChatNotReady, UnsafeAddress, InvalidProduct, NotFound, QuotaExhausted)
  @ApiOperation({
    summary: 'Create a product',
    description:
      'The goods of a `callback` are made by your server: when an order is paid, its `fulfilment_url` gets ' +
      'a request signed according to Standard Webhooks 1.0.0 with the `fulfilment_secret` in this response. ' +
      '`webhook-id` and the `id` in the body are the id of the order, the same in every attempt. Respond ' +
      'within 15 seconds with 200 and one of `{"text"}` (at most 4096 characters), `{"link"}`, `{"key"}` ' +
      '(at most 256, shown with a button to copy it), `{"file_id"}` (from POST /v1/files) and ' +
      '`{"file_url"}` (fetched at once: https, at most 50 MB, no redirects, no web page), or with 202 and ' +
      'send the goods later with POST /v1/orders/{id}/deliver. `{"error": "...", "final": true}` or 410 ' +
      'means that there will be no goods. Any other response is retried until the deadline, and so is a file ' +
      'that could not be fetched: at first after seconds, finally once a day; after a 4xx, no earlier than 15 ' +
      'minutes. The invoice tells buyers the deadline. A `paid_command` is answered in the same way, once ' +
      'for each use: `data.command` has its name and the `arguments` that the buyer typed after it. Its ' +
      'credits are held from the beginning, spent when the buyer has the answer, and released when there ' +
      'will be none.',
  })
  @Answers(
    201,
    savedProductViewSchema,
    'The product, with price version 1. If your server fulfils it, its secret is included, and shown only here.',
  )
  async create(@Who() who: CreatorSession, @Body({ schema: createProductSchema }) body: CreateProduct) {
    const { bot_id: botId, kind, state, title, description, stars } = body;
    const goods = { ...packOf(body.credits), ...promiseOf(body) };
    const product = {
      ...changeOf(body),
      ...goods,
      chatId: body.chat_id,
      botId,
      kind,
      state,
      title,
      description,
      stars,
    };
    await this.fulfilled.vet(body.fulfilment_url);
    await this.fulfilled.vet(body.photo_url);
    return new Commit(async () =>
      savedProductView(await this.db.inTenant(who.tenantId, (tx) => this.fulfilled.create(tx, product))),
    );
  }

  @Get()
  @Creator('products:read')
  @ApiOperation({ summary: 'List products, newest first' })
  @Answers(200, productListSchema, 'A page of products.')
  async list(@Who() who: CreatorSession, @Query({ schema: listProductsSchema }) query: ListProducts) {
    const { bot_id: botId, state, limit } = query;
    const filter = { botId, state, limit: limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.products.list(tx, filter)), query, productView);
  }

  @Get(':id')
  @Creator('products:read')
  @ApiOperation({ summary: 'Read a product' })
  @Answers(200, productViewSchema, 'The product, with its goods.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: productId }) id: string) {
    return productView(await this.db.inTenant(who.tenantId, (tx) => this.products.get(tx, id)));
  }

  @Patch(':id')
  @Idempotency({ prepares: true })
  @Creator('products:write')
  @Refuses(InvalidProduct, UnsafeAddress)
  @ApiOperation({
    summary: 'Change a product',
    description:
      'Omitted fields do not change; null removes a value. A new price creates a new price version: ' +
      'existing orders keep the price at which they were placed. Bot and kind never change.',
  })
  @Answers(200, productViewSchema, 'The product as it is now.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Body({ schema: updateProductSchema }) body: UpdateProduct,
  ) {
    await this.fulfilled.vet(body.fulfilment_url);
    await this.fulfilled.vet(body.photo_url);
    return new Commit(async () =>
      productView(await this.db.inTenant(who.tenantId, (tx) => this.products.update(tx, id, changeOf(body)))),
    );
  }

  @Post(':id/archive')
  @Creator('products:write')
  @ApiOperation({ summary: 'Take a product off sale; sold items stay with their buyers' })
  @Answers(200, productViewSchema, 'The product, archived.')
  async archive(@Who() who: CreatorSession, @Param('id', { schema: productId }) id: string) {
    return productView(await this.db.inTenant(who.tenantId, (tx) => this.products.archive(tx, id)));
  }

  @Post(':id/activate')
  @Creator('products:write')
  @Refuses(ChatNotReady, QuotaExhausted)
  @ApiOperation({ summary: 'Put a draft or an archived product on sale' })
  @Answers(200, productViewSchema, 'The product, active.')
  async activate(@Who() who: CreatorSession, @Param('id', { schema: productId }) id: string) {
    return productView(await this.db.inTenant(who.tenantId, (tx) => this.products.activate(tx, id)));
  }

  @Post(':id/rotate-fulfilment-secret')
  @Creator('products:write')
  @Refuses(NoFulfilmentSecret)
  @ApiOperation({
    summary: 'Rotate the secret of a product that your server fulfils',
    description: 'For 24 hours requests for its goods are signed with both secrets.',
  })
  @Answers(200, savedProductViewSchema, 'The product with its new secret, which is shown only here.')
  async rotate(@Who() who: CreatorSession, @Param('id', { schema: productId }) id: string) {
    return savedProductView(await this.db.inTenant(who.tenantId, (tx) => this.fulfilled.rotateSecret(tx, id)));
  }

  @Get(':id/prices')
  @Creator('products:read')
  @ApiOperation({ summary: 'List every price a product has had, latest first' })
  @Answers(200, priceListSchema, 'A page of price versions.')
  async prices(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Query({ schema: listPricesSchema }) query: ListPrices,
  ) {
    const { limit, starting_after: before } = query;
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.products.prices(tx, id, limit + 1, before));
    return page(rows, limit, priceView);
  }
}
