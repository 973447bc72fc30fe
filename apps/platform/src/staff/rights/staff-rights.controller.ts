import { Body, Controller, Get, Header, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { publicId } from '#libs/kernel';
import {
  AlreadyClosed,
  BuyerBusy,
  closureSchema,
  ClosureService,
  closureView,
  erasureSchema,
  ErasureService,
  erasureView,
  ExportService,
} from '#libs/rights';
import { TenantStore } from '#libs/tenants';
import { buyerIdSchema } from '../../creator/credits/credits.schema.js';
import { attachment } from '../../http/attachment.js';
import { Staff, type StaffSession, StaffWho } from '../../http/audience.js';
import { idOf } from '../../http/schema.js';
import { type Because, becauseSchema } from './staff-rights.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const tenantId = idOf('tenant');

@ApiTags("Staff: people's rights")
@Controller('v1/staff/tenants')
export class StaffRightsController {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantStore,
    private readonly exports: ExportService,
    private readonly erasures: ErasureService,
    private readonly closures: ClosureService,
  ) {}

  @Get(':id/export')
  @Staff('tenants:close', 'people')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Download all data of a workspace',
    description: 'The same archive that its owner can get.',
  })
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' }, description: 'The archive.' })
  async export(@Param('id', { schema: tenantId }) id: string) {
    await this.db.inTenant(id, (tx) => this.tenants.get(tx));
    const disposition = attachment(`${publicId('tenant', id)}.zip`);
    return new StreamableFile(this.exports.archive(id), { type: 'application/zip', disposition });
  }

  @Post(':id/buyers/:telegram_id/erase')
  @Staff('buyers:erase')
  @Refuses(BuyerBusy)
  @ApiOperation({ summary: 'Erase a buyer of a workspace', description: 'As the workspace itself can.' })
  @Answers(200, erasureSchema, 'Done.')
  async erase(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: tenantId }) id: string,
    @Param('telegram_id', { schema: buyerIdSchema }) telegramId: number,
    @Body({ schema: becauseSchema }) _because: Because,
  ) {
    return erasureView(await this.erasures.erase(id, telegramId, publicId('staff', who.staffId)));
  }

  @Post(':id/close')
  @Staff('tenants:close')
  @Refuses(AlreadyClosed)
  @ApiOperation({
    summary: 'Close a workspace',
    description: 'As its owner can, with the same period in which it can be cancelled.',
  })
  @Answers(200, closureSchema, 'The closure; the same one when it was already requested.')
  async close(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: tenantId }) id: string,
    @Body({ schema: becauseSchema }) { reason }: Because,
  ) {
    const wish = { by: publicId('staff', who.staffId), reason };
    return closureView(await this.db.inTenant(id, (tx) => this.closures.request(tx, wish)));
  }

  @Post(':id/close/cancel')
  @Staff('tenants:close')
  @Refuses(AlreadyClosed)
  @ApiOperation({ summary: 'Cancel the closing of a workspace' })
  @Answers(200, closureSchema, 'The cancelled closure.')
  async cancel(@Param('id', { schema: tenantId }) id: string, @Body({ schema: becauseSchema }) _because: Because) {
    return closureView(await this.db.inTenant(id, (tx) => this.closures.cancel(tx)));
  }
}
