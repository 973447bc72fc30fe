import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import { CLOCK } from '#libs/runtime';
import { ApiKeyService, KeyExpiryInvalid, ScopeNotYours } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { cursorOf, idOf, type NotesChange, page } from '../../http/schema.js';
import {
  apiKeyListSchema,
  apiKeyView,
  apiKeyViewSchema,
  type CreateApiKey,
  createApiKeySchema,
  type ListApiKeys,
  listApiKeysSchema,
  newApiKeyViewSchema,
  updateApiKeySchema,
} from './api-keys.schema.js';
import { Refuses } from '../../http/refuses.js';
import { QuotaExhausted } from '#libs/quotas';
import { Answers } from '../../http/answers.js';

@ApiTags('API keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly db: Database,
    private readonly keys: ApiKeyService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @Creator('keys:write')
  @Refuses(KeyExpiryInvalid, ScopeNotYours, QuotaExhausted)
  @ApiOperation({
    summary: 'Create an API key',
    description:
      'For programs; people log in. Format: `sw_live_` or `sw_test_`, 43 random characters, and a checksum of 6. A ' +
      'key has the scopes that it was given, limited to those of the member who created it, and cannot create keys, ' +
      'manage members or change sessions. A workspace can have at most 50 working keys.',
  })
  @Answers(201, newApiKeyViewSchema, 'The key, shown only here.')
  async create(@Who() who: CreatorSession, @Body({ schema: createApiKeySchema }) body: CreateApiKey) {
    const { name, scopes, expires_at: end, metadata } = body;
    const wish = { name, scopes, metadata, expiresAt: end === undefined ? undefined : new Date(end) };
    const { row, key } = await this.db.inTenant(who.tenantId, (tx) => this.keys.create(tx, who.accountId, wish));
    return { ...apiKeyView(row, this.clock.now()), key };
  }

  @Get()
  @Creator('keys:read')
  @ApiOperation({
    summary: 'List API keys, newest first',
    description: 'Includes those that are expired or revoked.',
  })
  @Answers(200, apiKeyListSchema, 'A page of keys, without the keys themselves.')
  async list(@Who() who: CreatorSession, @Query({ schema: listApiKeysSchema }) query: ListApiKeys) {
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.keys.list(tx, query.limit, cursorOf(query)));
    const now = this.clock.now();
    return page(rows, query, (row) => apiKeyView(row, now));
  }

  @Patch(':id')
  @Creator('keys:write')
  @ApiOperation({ summary: "Change an API key's metadata", description: "A key's scopes never change." })
  @Answers(200, apiKeyViewSchema, 'The key as it is now, without its secret.')
  async update(
    @Who() who: CreatorSession,
    @Param('id', { schema: idOf('apiKey') }) id: string,
    @Body({ schema: updateApiKeySchema }) { metadata }: NotesChange,
  ) {
    const row = await this.db.inTenant(who.tenantId, (tx) => this.keys.setMetadata(tx, id, metadata));
    return apiKeyView(row, this.clock.now());
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('keys:write')
  @ApiOperation({ summary: 'Revoke an API key', description: 'It stays in the list. This cannot be undone.' })
  @ApiNoContentResponse({ description: 'It stops working within five seconds.' })
  revoke(@Who() who: CreatorSession, @Param('id', { schema: idOf('apiKey') }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.keys.revoke(tx, id));
  }
}
