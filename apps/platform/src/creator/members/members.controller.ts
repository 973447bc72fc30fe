import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { MemberService, LastOwner, RoleNotYours } from '#libs/tenants';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import {
  type ChangeMember,
  changeMemberSchema,
  type ListMembers,
  listMembersSchema,
  memberListSchema,
  memberView,
  memberViewSchema,
} from './members.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const memberId = idOf('account');

@ApiTags('Members')
@Controller('v1/members')
export class MembersController {
  constructor(
    private readonly db: Database,
    private readonly members: MemberService,
  ) {}

  @Get()
  @Creator('members:read')
  @ApiOperation({ summary: 'List the members of the workspace' })
  @Answers(200, memberListSchema, 'A page of members.')
  async list(@Who() who: CreatorSession, @Query({ schema: listMembersSchema }) query: ListMembers) {
    return page(await this.members.list(who.tenantId, query.limit, cursorOf(query)), query, memberView);
  }

  @Patch(':id')
  // Email addresses belong to the platform, so the response needs a second transaction.
  @Idempotency({ callsOut: true })
  @Creator('members:write')
  @Refuses(RoleNotYours, LastOwner)
  @ApiOperation({
    summary: "Change a member's role",
    description:
      'Owners can change everyone, admins only support and viewer members. The last owner cannot ' +
      'lose the role. The new role applies within five seconds, to their sessions and to the API keys that ' +
      'they created.',
  })
  @Answers(200, memberViewSchema, 'The member after the change.')
  async change(
    @Who() who: CreatorSession,
    @Param('id', { schema: memberId }) id: string,
    @Body({ schema: changeMemberSchema }) body: ChangeMember,
  ) {
    return memberView(await this.members.changeRole(who.tenantId, who.accountId, id, body.role));
  }

  @Delete(':id')
  @HttpCode(204)
  @Creator('members:write')
  @Refuses(RoleNotYours, LastOwner)
  @ApiOperation({
    summary: 'Remove a member, or leave',
    description:
      'They lose access within five seconds. The API keys that they created are revoked and their open ' +
      'invitations cancelled: let someone else create new keys beforehand. The last owner cannot leave.',
  })
  @ApiNoContentResponse({ description: 'They are no longer a member of the workspace.' })
  remove(@Who() who: CreatorSession, @Param('id', { schema: memberId }) id: string): Promise<void> {
    return this.db.inTenant(who.tenantId, (tx) => this.members.remove(tx, who.accountId, id));
  }
}
