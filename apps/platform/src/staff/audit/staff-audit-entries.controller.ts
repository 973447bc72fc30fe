import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '#libs/database';
import { AuditStore } from '#libs/journal';
import { parseId } from '#libs/kernel';
import { Staff } from '../../http/audience.js';
import { auditFilters, auditListSchema, auditView } from '../../http/audit.schema.js';
import { auditFile, EXPORT_PAGE } from '../../http/audit-export.js';
import { cursorOf, idOf, listQuery, page } from '../../http/schema.js';
import { Answers } from '../../http/answers.js';

const actor = z
  .string()
  .max(64)
  .transform((text, context) => {
    const uuid = parseId('staff', text) ?? parseId('account', text) ?? parseId('apiKey', text);
    if (uuid !== undefined) return uuid;
    context.addIssue({ code: 'custom', message: 'must be an id that starts with stf_, acc_ or key_' });
    return z.NEVER;
  })
  .optional()
  .describe('Only actions of this member of staff, account or API key.');

const filters = { tenant_id: idOf('tenant').optional().describe('Only of this workspace.'), actor_id: actor };
const listAuditSchema = listQuery('auditEntry', { ...auditFilters, ...filters });
const exportAuditSchema = z.strictObject({ ...auditFilters, ...filters });
type Filters = z.output<typeof exportAuditSchema>;

@ApiTags('Staff: audit log')
@Controller('v1/staff')
export class StaffAuditEntriesController {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditStore,
  ) {}

  @Get('audit-entries')
  @Staff('audit:read', 'people')
  @ApiOperation({
    summary: 'List all actions, in all workspaces and among the staff',
    description: 'Writes of creators and their keys, actions of staff, and their reads of personal data; newest first.',
  })
  @Answers(200, auditListSchema, 'A page of entries.')
  async list(@Query({ schema: listAuditSchema }) query: z.output<typeof listAuditSchema>) {
    return page(await this.read(query, query.limit, cursorOf(query)), query, auditView);
  }

  @Get('audit-entries.ndjson')
  @Staff('audit:read', 'people')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'Download all actions', description: 'One entry per line, oldest first.' })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' }, description: 'One JSON object per line, in UTF-8.' })
  export(@Query({ schema: exportAuditSchema }) query: Filters) {
    return auditFile('starwall_audit', (newerThan) => this.read(query, EXPORT_PAGE - 1, { before: newerThan }));
  }

  private read(query: Filters, limit: number, cursor: { after?: string | undefined; before?: string | undefined }) {
    const { action, actor_id: actorId, tenant_id: tenantId, created_after: from, created_before: to } = query;
    const filter = { action, actorId, tenantId, from, to, limit, ...cursor };
    return this.db.inPlatform('staff read the audit log', (tx) => this.audit.listAll(tx, filter));
  }
}
