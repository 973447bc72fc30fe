import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Database } from '#libs/database';
import {
  BotImports,
  botImportLineView,
  botImportSchema,
  botImportView,
  botListOf,
  InvalidBotList,
  MAX_IMPORT_LINES,
  tokensIn,
} from '#libs/tenants';
import { Answers } from '../../http/answers.js';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Commit } from '../../http/commit.js';
import { Idempotency } from '../../http/idempotency.js';
import { Refuses } from '../../http/refuses.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { InvalidUpload, uploadOf } from '../files/upload.js';
import {
  botImportLineListSchema,
  botImportListSchema,
  type ImportBots,
  importBotsSchema,
  type ListBotImports,
  listBotImportsSchema,
  type ListImportLines,
  listImportLinesSchema,
} from './bot-imports.schema.js';

const importId = idOf('botImport');

@ApiTags('Bots')
@Controller('v1/bot-imports')
export class BotImportsController {
  constructor(
    private readonly db: Database,
    private readonly imports: BotImports,
  ) {}

  @Post()
  @Idempotency({ prepares: true })
  @Creator('bots:write')
  @Refuses(InvalidUpload, InvalidBotList)
  @ApiOperation({
    summary: 'Register many bots from a file',
    description:
      `One token on each line, as text, CSV with the token first, or JSON lines with the field \`token\`; at most ${MAX_IMPORT_LINES}. ` +
      'The bots are registered one after another as by `POST /v1/bots`, about 500 per hour, because Telegram limits new bots. ' +
      "Each line has a result, and one that fails does not stop the others. When the plan's limit is reached, the remaining lines " +
      'fail. Tokens are stored encrypted until their line has a result, and are never shown.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @Answers(201, botImportSchema, 'The import, running.')
  async create(
    @Who() { tenantId, accountId }: CreatorSession,
    @Query({ schema: importBotsSchema }) { environment, take_over: takeOver }: ImportBots,
    @Req() request: FastifyRequest,
  ) {
    const list = await botListOf((await uploadOf(request)).stream);
    const tokens = await tokensIn(list);
    const wanted = { accountId, environment, takeOver, tokens };
    return new Commit(
      async () => botImportView(await this.db.inTenant(tenantId, (tx) => this.imports.create(tx, wanted))),
      Buffer.from(JSON.stringify([environment, takeOver, list])),
    );
  }

  @Get()
  @Creator('bots:read')
  @ApiOperation({ summary: 'List imports of bots, newest first' })
  @Answers(200, botImportListSchema, 'A page of imports.')
  async list(@Who() who: CreatorSession, @Query({ schema: listBotImportsSchema }) query: ListBotImports) {
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.imports.list(tx, query.limit, cursorOf(query)));
    return page(rows, query, botImportView);
  }

  @Get(':id')
  @Creator('bots:read')
  @ApiOperation({ summary: 'Read the progress of an import of bots' })
  @Answers(200, botImportSchema, 'The import as it is now.')
  async get(@Who() who: CreatorSession, @Param('id', { schema: importId }) id: string) {
    return botImportView(await this.db.inTenant(who.tenantId, (tx) => this.imports.get(tx, id)));
  }

  @Get(':id/lines')
  @Creator('bots:read')
  @ApiOperation({
    summary: 'List the lines of an import, in file order',
    description: 'Each with its result.',
  })
  @Answers(200, botImportLineListSchema, 'A page of lines, without tokens.')
  async lines(
    @Who() who: CreatorSession,
    @Param('id', { schema: importId }) id: string,
    @Query({ schema: listImportLinesSchema }) query: ListImportLines,
  ) {
    const filter = { state: query.state, limit: query.limit, ...cursorOf(query) };
    const rows = await this.db.inTenant(who.tenantId, (tx) => this.imports.lines(tx, id, filter));
    return page(rows, query, botImportLineView);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Creator('bots:write')
  @ApiOperation({
    summary: 'Cancel an import of bots',
    description: 'Bots that are registered already stay; the tokens of the other lines are deleted. Idempotent.',
  })
  @Answers(200, botImportSchema, 'The import, canceled unless it was done.')
  async cancel(@Who() who: CreatorSession, @Param('id', { schema: importId }) id: string) {
    return botImportView(await this.db.inTenant(who.tenantId, (tx) => this.imports.cancel(tx, id)));
  }
}
