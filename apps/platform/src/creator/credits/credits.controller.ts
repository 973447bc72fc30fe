import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#libs/database';
import type { Clock } from '#libs/kernel';
import {
  balanceView,
  creditEntryView,
  CreditReader,
  CreditsAlreadyExpired,
  CreditService,
  debitViewSchema,
  grantViewSchema,
  InsufficientCredits,
  InvalidCreditAmount,
  reservationViewSchema,
  TooManyCredits,
} from '#libs/ledger';
import { CLOCK } from '#libs/runtime';
import { Creator, type CreatorSession, Who } from '../../http/audience.js';
import { Idempotency } from '../../http/idempotency.js';
import { cursorOf, page } from '../../http/schema.js';
import {
  balanceListSchema,
  buyerIdSchema,
  type Debit,
  debitSchema,
  type EntriesQuery,
  entriesQuerySchema,
  entryListSchema,
  type Grant,
  grantSchema,
  type Reserve,
  reserveSchema,
  unitSchema,
} from './credits.schema.js';
import { IdempotencyKey } from '../../http/idempotency-key.js';
import { Refuses } from '../../http/refuses.js';
import { Answers } from '../../http/answers.js';

@ApiTags('Credits')
@Controller('v1/buyers/:telegram_id/credits')
export class CreditsController {
  constructor(
    private readonly db: Database,
    private readonly credits: CreditService,
    private readonly reader: CreditReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Creator('credits:read')
  @ApiOperation({
    summary: "Read a buyer's credits per unit",
    description: 'A buyer has one balance per unit, shared by all bots of the workspace.',
  })
  @Answers(200, balanceListSchema, 'One item for each unit that the buyer has ever had.')
  async balances(@Who() who: CreatorSession, @Param('telegram_id', { schema: buyerIdSchema }) buyerId: number) {
    const now = this.clock.now();
    const held = await this.db.inTenant(who.tenantId, (tx) => this.reader.balances(tx, buyerId, now));
    return page(held, held.length, balanceView);
  }

  @Get(':unit/entries')
  @Creator('credits:read')
  @ApiOperation({ summary: 'List the history of one unit of a buyer, latest first' })
  @Answers(200, entryListSchema, 'A page of entries. They are never changed.')
  async entries(
    @Who() who: CreatorSession,
    @Param('telegram_id', { schema: buyerIdSchema }) buyerId: number,
    @Param('unit', { schema: unitSchema }) unit: string,
    @Query({ schema: entriesQuerySchema }) query: EntriesQuery,
  ) {
    const filter = { buyerId, unit, limit: query.limit, ...cursorOf(query) };
    const { entries } = await this.db.inTenant(who.tenantId, (tx) => this.reader.history(tx, filter));
    return page(entries, query, creditEntryView);
  }

  @Post(':unit/grants')
  @Creator('credits:write')
  @Refuses(CreditsAlreadyExpired, TooManyCredits, InvalidCreditAmount)
  @Idempotency({ required: true })
  @ApiOperation({ summary: 'Grant credits without a sale' })
  @Answers(201, grantViewSchema, 'The grant, and the resulting balance.')
  grant(
    @Who() who: CreatorSession,
    @Param('telegram_id', { schema: buyerIdSchema }) buyerId: number,
    @Param('unit', { schema: unitSchema }) unit: string,
    @Body({ schema: grantSchema }) { amount, expires_at: expiresAt, reason }: Grant,
    @IdempotencyKey() key: string,
  ) {
    const wish = { buyerId, unit, amount, reason, expiresAt };
    return this.told(this.db.inTenant(who.tenantId, (tx) => this.credits.grant(tx, wish, key, this.clock.now())));
  }

  @Post(':unit/debits')
  @Creator('credits:write')
  @Refuses(InvalidCreditAmount, InsufficientCredits)
  @Idempotency({ required: true })
  @ApiOperation({
    summary: 'Spend credits at once',
    description: 'All or nothing, oldest expiry first. 409 `insufficient_credits` when there are not enough.',
  })
  @Answers(201, debitViewSchema, 'The debit, and the resulting balance.')
  debit(
    @Who() who: CreatorSession,
    @Param('telegram_id', { schema: buyerIdSchema }) buyerId: number,
    @Param('unit', { schema: unitSchema }) unit: string,
    @Body({ schema: debitSchema }) { amount, reason }: Debit,
    @IdempotencyKey() key: string,
  ) {
    const wish = { buyerId, unit, amount, reason };
    return this.told(this.db.inTenant(who.tenantId, (tx) => this.credits.debit(tx, wish, key, this.clock.now())));
  }

  @Post(':unit/reservations')
  @Creator('credits:write')
  @Refuses(InvalidCreditAmount, InsufficientCredits)
  @Idempotency({ required: true })
  @ApiOperation({
    summary: 'Hold credits for work that may fail',
    description:
      'Commit it when the work is done, or release it if it failed. The credits can be committed until the ' +
      'reservation expires, even if the credits expire or are refunded meanwhile.',
  })
  @Answers(201, reservationViewSchema, 'The reservation, open.')
  reserve(
    @Who() who: CreatorSession,
    @Param('telegram_id', { schema: buyerIdSchema }) buyerId: number,
    @Param('unit', { schema: unitSchema }) unit: string,
    @Body({ schema: reserveSchema }) { amount, expires_in_seconds: seconds, reason }: Reserve,
    @IdempotencyKey() key: string,
  ) {
    const wish = { buyerId, unit, amount, reason, holdMs: seconds * 1_000 };
    return this.told(this.db.inTenant(who.tenantId, (tx) => this.credits.reserve(tx, wish, key, this.clock.now())));
  }

  private async told<Answer>(committed: Promise<Answer>): Promise<Answer> {
    const answer = await committed;
    return answer;
  }
}
