import { Body, Controller, Get, Header, Post, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { publicId, NotFound } from '#libs/kernel';
import { AlreadyClosed, closureSchema, ClosureService, closureView, ExportService, NameDiffers } from '#libs/rights';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { attachment } from '../../http/attachment.js';
import { type CloseForm, closeSchema } from './workspace.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Workspace')
@Controller('v1')
export class WorkspaceController {
  constructor(
    private readonly db: Database,
    private readonly closures: ClosureService,
    private readonly exports: ExportService,
  ) {}

  @Get('export')
  @Creator('export:read')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Download all data of this workspace',
    description:
      'A ZIP archive, generated while it is sent: every table as NDJSON in `tables/`, uploaded files in ' +
      '`files/`, and last `manifest.json` with the number of rows, the bytes and the SHA-256 of each. It ' +
      'contains no secrets. Available in any state of the workspace. Concurrent changes may or may not be ' +
      'included.',
  })
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' }, description: 'The archive.' })
  export(@Who() who: CreatorSession) {
    const disposition = attachment(`${publicId('tenant', who.tenantId)}.zip`);
    return new StreamableFile(this.exports.archive(who.tenantId), { type: 'application/zip', disposition });
  }

  @Post('workspace/close')
  @Creator('workspace:write')
  @Refuses(NameDiffers, AlreadyClosed)
  @ApiOperation({
    summary: 'Close this workspace',
    description:
      'Sales stop now; delivery, refunds, support and export continue. After 30 days, unless cancelled, ' +
      'bots, tokens, keys, sessions, files and all personal data are deleted permanently. Payment records ' +
      'that the law requires are kept without personal data.',
  })
  @Answers(200, closureSchema, 'The closure; the same one when it was already requested.')
  async close(@Who() who: CreatorSession, @Body({ schema: closeSchema }) form: CloseForm) {
    const wish = { by: publicId('account', who.accountId), reason: form.reason ?? null };
    return closureView(
      await this.db.inTenant(who.tenantId, async (tx) => {
        await this.closures.confirm(tx, form.confirm);
        return this.closures.request(tx, wish);
      }),
    );
  }

  @Post('workspace/close/cancel')
  @Creator('workspace:write')
  @Refuses(NotFound, AlreadyClosed)
  @ApiOperation({ summary: 'Cancel the closing of this workspace', description: 'Sales resume at once.' })
  @Answers(200, closureSchema, 'The cancelled closure.')
  async cancel(@Who() who: CreatorSession) {
    return closureView(await this.db.inTenant(who.tenantId, (tx) => this.closures.cancel(tx)));
  }

  @Get('workspace/closure')
  @Creator('usage:read')
  @Refuses(NotFound)
  @ApiOperation({ summary: 'Read the closure of this workspace' })
  @Answers(200, closureSchema, 'The latest closure; 404 when there was none.')
  async closure(@Who() who: CreatorSession) {
    return closureView(await this.db.inTenant(who.tenantId, (tx) => this.closures.current(tx)));
  }
}
