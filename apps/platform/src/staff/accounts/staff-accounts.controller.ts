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
    summary: 'Take somebody into the staff',
    description: 'The answer has a password, once: hand it over yourself. The first login enrols an authenticator.',
  })
  @Answers(201, newStaffSchema, 'The account, once with its password.')
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
    summary: 'Give a member of staff another role',
    description: 'Counts after five seconds at most. Nobody changes their own role.',
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
    summary: 'Shut a member of staff out',
    description: 'Their sessions and impersonations end after five seconds at most. Nobody disables themselves.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async disable(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.disable(who.staffId, id));
  }

  @Post(':id/enable')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({ summary: 'Let a member of staff in again', description: 'With the password and code from before.' })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async enable(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.enable(who.staffId, id));
  }

  @Post(':id/reset-second-factor')
  @Staff('staff:write')
  @Refuses(NotYourself)
  @ApiOperation({
    summary: 'Forget the authenticator of a member of staff',
    description:
      'Their sessions end and their recovery codes are void; the next login enrols anew. Make sure it is them.',
  })
  @Answers(200, staffMemberSchema, 'The account as it is now.')
  async resetSecondFactor(@StaffWho() who: StaffSession, @Param('id', { schema: staffId }) id: string) {
    return staffMemberView(await this.accounts.resetSecondFactor(who.staffId, id));
  }
}
