import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import { ClosureService } from '#libs/rights';
import { Impersonations, TenantList, TenantPages } from '#libs/staff';
import { MailUnavailable } from '#libs/mail';
import { PasswordResets, TenantStates, TenantStateConflict, TooManyMails } from '#libs/tenants';
import { Staff, type StaffSession, StaffWho } from '../../http/audience.js';
import { cursorOf, idOf, page } from '../../http/schema.js';
import { StaffTokens } from '../../http/staff-tokens.service.js';
import {
  type Impersonate,
  impersonateSchema,
  impersonationSchema,
  impersonationView,
  type Lift,
  liftSchema,
  type ListTenants,
  listTenantsSchema,
  type Restrict,
  type ResetPassword,
  resetPasswordSchema,
  restrictSchema,
  standingSchema,
  standingView,
  tenantLineView,
  tenantListSchema,
  tenantPageSchema,
  tenantPageView,
} from './staff-tenants.schema.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

const tenantId = idOf('tenant');
const accountId = idOf('account');

@ApiTags('Staff: workspaces')
@Controller('v1/staff/tenants')
export class StaffTenantsController {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantList,
    private readonly pages: TenantPages,
    private readonly states: TenantStates,
    private readonly closures: ClosureService,
    private readonly impersonations: Impersonations,
    private readonly tokens: StaffTokens,
    private readonly resets: PasswordResets,
  ) {}

  @Get()
  @Staff('tenants:read', 'people')
  @ApiOperation({
    summary: 'List and find workspaces, newest first',
    description: "Finding by a buyer's Telegram id needs the permission `buyers:read`.",
  })
  @Answers(200, tenantListSchema, 'A page of workspaces.')
  async list(@StaffWho() who: StaffSession, @Query({ schema: listTenantsSchema }) query: ListTenants) {
    const { query: text, state, limit } = query;
    const filter = { query: text, state, limit, buyers: who.permissions.includes('buyers:read') };
    return page(await this.tenants.list(filter, cursorOf(query)), query, tenantLineView);
  }

  @Get(':id')
  @Staff('tenants:read', 'people')
  @ApiOperation({
    summary: 'Read all important facts about one workspace',
    description:
      'Its state with the reason, its people and bots, its sales, and pending or failed work. Showing ' +
      'buyers needs the permission `buyers:read`.',
  })
  @Answers(200, tenantPageSchema, 'The workspace as it is at this moment.')
  async get(@StaffWho() who: StaffSession, @Param('id', { schema: tenantId }) id: string) {
    const [page, closure] = await Promise.all([
      this.pages.of(id),
      this.db.inTenant(id, (tx) => this.closures.pending(tx)),
    ]);
    return tenantPageView(page, closure, who.permissions.includes('buyers:read'));
  }

  @Post(':id/restrict')
  @Staff('tenants:restrict')
  @Refuses(TenantStateConflict)
  @ApiOperation({
    summary: 'Restrict a workspace',
    description:
      '`warned` restricts nothing. `no_new_sales` closes the shop. `outbound_stopped` also stops goods, ' +
      'messages and webhooks. `locked` also closes changes of bots, products and endpoints. Refunds, ' +
      'answers to buyers and export stay open in all. Takes effect everywhere within five seconds. The ' +
      'creator reads the reason in `GET /v1/me` and in the event `workspace.restricted`.',
  })
  @Answers(200, standingSchema, "The workspace's state now.")
  async restrict(
    @StaffWho() { staffId }: StaffSession,
    @Param('id', { schema: tenantId }) id: string,
    @Body({ schema: restrictSchema }) { state, reason, note, review_at: reviewAt }: Restrict,
  ) {
    return standingView(await this.states.move(id, { to: state, reason, note, reviewAt, staffId }));
  }

  @Post(':id/lift')
  @Staff('tenants:restrict')
  @Refuses(TenantStateConflict)
  @ApiOperation({
    summary: 'Lift every restriction of a workspace',
    description: 'Waiting work continues automatically. The creator is told by the event `workspace.lifted`.',
  })
  @Answers(200, standingSchema, "The workspace's state now.")
  async lift(
    @StaffWho() { staffId }: StaffSession,
    @Param('id', { schema: tenantId }) id: string,
    @Body({ schema: liftSchema }) { reason, note }: Lift,
  ) {
    return standingView(await this.states.move(id, { to: 'active', reason, note, staffId }));
  }

  @Post(':id/impersonate')
  @Staff('tenants:impersonate')
  @ApiOperation({
    summary: 'Impersonate a workspace',
    description:
      "The response contains an access token for the creators' API that can read but not write. It is valid for ten " +
      'minutes, or until your session ends. The workspace sees your visit, its reason, and everything that ' +
      'you read in its audit log.',
  })
  @Answers(200, impersonationSchema, 'The token, shown once.')
  async impersonate(
    @StaffWho() { staffId, sessionId }: StaffSession,
    @Param('id', { schema: tenantId }) id: string,
    @Body({ schema: impersonateSchema }) { reason }: Impersonate,
  ) {
    const begun = await this.impersonations.begin({ staffId, sessionId }, id, reason);
    return impersonationView(begun, await this.tokens.impersonation(begun));
  }

  @Post(':id/members/:accountId/password-reset')
  @HttpCode(204)
  @Staff('members:reset')
  @Refuses(TooManyMails, MailUnavailable)
  @ApiOperation({
    summary: 'Send a member a link to set a new password',
    description:
      'The link goes only to the address of their account, and works once, for 30 minutes. Verify first ' +
      'that the request comes from the member.',
  })
  @ApiNoContentResponse({ description: 'The email is on its way.' })
  resetPassword(
    @Param('id', { schema: tenantId }) id: string,
    @Param('accountId', { schema: accountId }) member: string,
    @Body({ schema: resetPasswordSchema }) _because: ResetPassword,
  ): Promise<void> {
    return this.resets.requestForMember(id, member);
  }
}
