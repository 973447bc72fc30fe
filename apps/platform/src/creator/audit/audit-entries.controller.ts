import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Database } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { auditFilters, auditListSchema, auditView } from '../../http/audit.schema.js';
import { AS_OF, AS_OF_HEADERS, asOfView } from '../../http/as-of.js';
import { auditFile, EXPORT_PAGE } from '../../http/audit-export.js';
import { cursorOf, listQuery, page } from '../../http/schema.js';
import { Answers } from '../../http/answers.js';

const listAuditSchema = listQuery('auditEntry', auditFilters);
const exportAuditSchema = z.strictObject(auditFilters);

@ApiTags('Audit log')
@Controller('v1')
export class AuditEntriesController {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditStore,
  ) {}

  @Get('audit-entries')
  @Creator('audit:read')
  @ApiOperation({
    summary: 'List all actions in this workspace',
    description:
      "Every write of its members and API keys, and all actions of the platform's staff, newest first. " +
      'Entries cannot be changed.',
  })
  @Answers(200, auditListSchema, 'A page of entries.')
  async list(@Who() who: CreatorSession, @Query({ schema: listAuditSchema }) query: z.output<typeof listAuditSchema>) {
    const { action, created_after: from, created_before: to, limit } = query;
    const filter = { action, from, to, limit, ...cursorOf(query) };
    return page(await this.db.inTenant(who.tenantId, (tx) => this.audit.list(tx, filter)), query, auditView);
  }

  @Get('audit-entries.ndjson')
  @Creator('audit:read')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Download the audit log',
    description: 'One entry per line, oldest first. Ends early only when the connection breaks.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({
    schema: { type: 'string' },
    description: 'One JSON object per line, in UTF-8.',
    headers: AS_OF_HEADERS,
  })
  async export(
    @Who() { tenantId }: CreatorSession,
    @Query({ schema: exportAuditSchema }) query: z.output<typeof exportAuditSchema>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { action, created_after: from, created_before: to } = query;
    const asOf = await this.db.inReport(tenantId, (_tx, time) => Promise.resolve(time));
    void reply.header(AS_OF, asOfView(asOf));
    return auditFile('audit', (newerThan) => {
      const filter = { action, from, to, limit: EXPORT_PAGE - 1, before: newerThan };
      return this.db.inReport(tenantId, (tx) => this.audit.list(tx, filter), asOf);
    });
  }
}
