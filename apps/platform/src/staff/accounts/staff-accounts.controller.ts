import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { StaffAccounts, NotYourself, StaffExists } from '#libs/staff';
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
  type StaffAct,
  staffActSchema,
  staffListSchema,
} from './staff-accounts.schema.js';
import { Refuses } from '../../http/refuses.js';
import { TooBusy } from '#libs/tenants';
import { Answers } from '../../http/answers.js';

const staffId = idOf('staff');

@ApiTags('Staff: people')
@Controller('v1/staff/accounts')
export class StaffAccountsController {
  constructor(private readonly accounts: StaffAccounts) {}

  @Post()
  @Staff('staff:write')
  @Refuses(StaffExists, TooBusy)
  @ApiOperation({
    summary: 'Add a member of staff',
    description:
      'The response contains a password, shown only here: pass it on yourself. The first login enrols an authenticator.',
  })
  @Answers(201, newStaffSchema, 'The account with its password, which is shown only here.')
  async create(@Body({ schema: createStaffSchema }) body: CreateStaff) {
    const { staff, password } = await this.accounts.create(body.email, body.role);
    return { ...staffMemberView(staff), password };
  }

  @Get()
  @Staff('staff:read', 'people')
  @ApiOperation({ summary: 'List the staff, newest first' })
  @Answers(200, staffListSchema, 'A page of accounts.')
  async list(@Query({ schema: listStaffSchema }) query: ListStaff) {
    return page(await this.accounts.list(query.limit, cursorOf(query)), query, staffMemberView);
  }

  @Patch(':id')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({
    summary: 'Change the role of a member of staff',
    description: 'Takes effect within five seconds. You cannot change your own role.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async change(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: staffId }) id: string,
    @Body({ schema: changeStaffSchema }) body: ChangeStaff,
  ) {
    return staffMemberView(await this.accounts.changeRole(who.staffId, id, body.role));
  }

  @Post(':id/disable')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({
    summary: 'Disable a member of staff',
    description: 'Their sessions and impersonations end within five seconds. You cannot disable yourself.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async disable(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: staffId }) id: string,
    @Body({ schema: staffActSchema }) _act: StaffAct,
  ) {
    return staffMemberView(await this.accounts.disable(who.staffId, id));
  }

  @Post(':id/enable')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({
    summary: 'Enable a member of staff again',
    description: 'With their previous password and authenticator.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async enable(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: staffId }) id: string,
    @Body({ schema: staffActSchema }) _act: StaffAct,
  ) {
    return staffMemberView(await this.accounts.enable(who.staffId, id));
  }

  @Post(':id/reset-second-factor')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({
    summary: 'Reset the authenticator of a member of staff',
    description:
      'Their sessions end and their recovery codes become invalid; the next login enrols a new one. Verify ' +
      'their identity first.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async resetSecondFactor(
    @StaffWho() who: StaffSession,
    @Param('id', { schema: staffId }) id: string,
    @Body({ schema: staffActSchema }) _act: StaffAct,
  ) {
    return staffMemberView(await this.accounts.resetSecondFactor(who.staffId, id));
  }
}
