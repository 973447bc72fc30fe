import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  checkedKeys,
  InvalidKeys,
  keyListOf,
  KeyNotFree,
  LicenceKeyService,
  listedKeys,
  NoLicenceKeys,
} from '#libs/catalog';
import { Database } from '#libs/database';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type AddKeys,
  addKeysSchema,
  keyListSchema,
  keysAddedSchema,
  keysAddedView,
  keyView,
  licenceKeyId,
  type ListKeys,
  listKeysSchema,
} from './licence-keys.schema.js';
import { Refuses } from '../../http/refuses.js';
import { InvalidUpload, uploadOf } from '../files/upload.js';
import { Answers } from '../../http/answers.js';

const productId = idOf('product');

@ApiTags('Products')
@Controller('v1/products/:id/keys')
export class LicenceKeysController {
  constructor(
    private readonly db: Database,
    private readonly licences: LicenceKeyService,
  ) {}

  @Post()
  @Creator('products:write')
  @Refuses(InvalidKeys, NoLicenceKeys)
  @ApiOperation({
    summary: "Add licence keys to a product's pool",
    description: 'Every order gets its own key, oldest first. A key that the product already has is not stored twice.',
  })
  @Answers(201, keysAddedSchema, 'The number of new keys, and the duplicates.')
  async add(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Body({ schema: addKeysSchema }) body: AddKeys,
  ) {
    const listed = body.keys.map((key, i) => ({ line: i + 1, key }));
    const keys = await checkedKeys(listed, (line) => `keys.${line - 1}`);
    return keysAddedView(await this.db.inTenant(who.tenantId, (tx) => this.licences.add(tx, id, keys)));
  }

  @Post('file')
  @Idempotency({ prepares: true })
  @Creator('products:write')
  @Refuses(InvalidKeys, InvalidUpload, NoLicenceKeys)
  @ApiOperation({
    summary: "Add a file of licence keys to a product's pool",
    description:
      'CSV with one key on each line, at most 10,000 keys, 20,000 lines and 4 MiB. A header line `key` is skipped. The file itself is not stored.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @Answers(201, keysAddedSchema, 'The number of new keys, and the lines with duplicates.')
  async addFile(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Req() request: FastifyRequest,
  ) {
    const list = await keyListOf((await uploadOf(request)).stream);
    const keys = await checkedKeys(listedKeys(list), (line) => `line ${line}`);
    return new Commit(
      async () => keysAddedView(await this.db.inTenant(who.tenantId, (tx) => this.licences.add(tx, id, keys))),
      Buffer.from(list),
    );
  }

  @Get()
  @Creator('products:read')
  @Refuses(NoLicenceKeys)
  @ApiOperation({
    summary: 'List the licence keys of a product, newest first',
    description: 'Keys are not shown in full.',
  })
  @Answers(200, keyListSchema, 'A page of keys.')
  async list(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Query({ schema: listKeysSchema }) query: ListKeys,
  ) {
    const filter = { state: query.state, limit: query.limit + 1, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.licences.list(tx, id, filter)), query, keyView);
  }

  @Delete(':key_id')
  @HttpCode(204)
  @Creator('products:write')
  @Refuses(KeyNotFree, NoLicenceKeys)
  @ApiOperation({ summary: 'Remove an unsold licence key from the pool' })
  @ApiNoContentResponse({ description: 'It will not be sold.' })
  remove(
    @Who() who: CreatorSession,
    @Param('id', { schema: productId }) id: string,
    @Param('key_id', { schema: licenceKeyId }) keyId: string,
  ): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.licences.remove(tx, id, keyId));
  }
}
