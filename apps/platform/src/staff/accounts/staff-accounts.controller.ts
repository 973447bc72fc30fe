import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { StaffAccounts } from '#libs/staff';
import { Staff, type StaffSession, StaffWho } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { staffMemberSchema, staffMemberView } from '../auth/staff-auth.schema.js';
import {
  type ChangeStaff,
  changeStaffSchema,
  type CreateStaff,
  createStaffSchema,
  type ListStaff,
  listStaffSchema,
  newStaffSchema,
  staffListSchema,
} from './staff-accounts.schema.js';

const staffId = idOf('staff');

@ApiTags('Staff: people')
@Controller('v1/staff/accounts')
export class StaffAccountsController {
  constructor(private readonly accounts: StaffAccounts) {}

  @Post()
  @Staff('staff:write')
  @ApiOperation({
    summary: 'Take somebody into the staff',
    description: 'The answer has a password, once: hand it over yourself. The first login enrols an authenticator.',
  })
  @ApiCreatedResponse({ standardSchema: newStaffSchema, description: 'The account, once with its password.' })
  async create(@Body({ schema: createStaffSchema }) body: CreateStaff) {
    const { staff, password } = await this.accounts.create(body.email, body.role);
    return { ...staffMemberView(staff), password };
  }

  @Get()
  @Staff('staff:read', 'people')
  @ApiOperation({ summary: 'List the staff, newest first' })
  @ApiOkResponse({ standardSchema: staffListSchema, description: 'A page of accounts.' })
  async list(@Query({ schema: listStaffSchema }) query: ListStaff) {
    return page(await this.accounts.list(query.limit, cursorOf(query)), query, staffMemberView);
  }

  @Patch(':id')
  @Staff('staff:write')
  @ApiOperation({
    summary: 'Give a member of staff another role',
    description: 'Counts after five seconds at most. Nobody changes their own role.',
  })
  @ApiOkResponse({ standardSchema: staffMemberSchema, description: 'The account as it is now.' })
  async change(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: staffId }) id: string,
    @Body({ schema: changeStaffSchema }) body: ChangeStaff,
  ) {
    return staffMemberView(await this.accounts.changeRole(who.staffId, id, body.role));
  }

  @Post(':id/disable')
  @HttpCode(200)
  @Staff('staff:write')
  @ApiOperation({
    summary: 'Shut a member of staff out',
    description: 'Their sessions and impersonations end after five seconds at most. Nobody disables themselves.',
  })
  @ApiOkResponse({ standardSchema: staffMemberSchema, description: 'The account as it is now.' })
  async disable(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.disable(who.staffId, id));
  }

  @Post(':id/enable')
  @HttpCode(200)
  @Staff('staff:write')
  @ApiOperation({ summary: 'Let a member of staff in again', description: 'With the password and code from before.' })
  @ApiOkResponse({ standardSchema: staffMemberSchema, description: 'The account as it is now.' })
  async enable(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.enable(who.staffId, id));
  }

  @Post(':id/reset-second-factor')
  @HttpCode(200)
  @Staff('staff:write')
  @ApiOperation({
    summary: 'Forget the authenticator of a member of staff',
    description:
      'Their sessions end and their recovery codes are void; the next login enrols anew. Make sure it is them.',
  })
  @ApiOkResponse({ standardSchema: staffMemberSchema, description: 'The account as it is now.' })
  async resetSecondFactor(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.resetSecondFactor(who.staffId, id));
  }
}
