import type { UserFromGetMe } from 'grammy/types';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { BotEnvironment, BotState } from './bot.js';

@Entity('bots')
export class BotRow {
  @PrimaryColumn('uuid')
  readonly tenantId: string;

  @PrimaryColumn('uuid')
  readonly id: string;

  /** Telegram's id, unique in its environment. */
  @Column('bigint')
  readonly telegramId: number;

  @Column('text', { default: 'production' })
  readonly environment: BotEnvironment;

  @Column('text')
  readonly username: string;

  @Column('text')
  readonly name: string;

  /** Telegram's response to getMe, so that a bot can be built without a call. */
  @Column('jsonb')
  readonly info: UserFromGetMe;

  /** In the form used in calls; see `callToken`. Read only if selected by name. */
  @Column('bytea', { nullable: true, select: false })
  readonly tokenSealed: Buffer | null;

  @Column('text')
  readonly tokenLast4: string;

  @Column('text')
  readonly state: BotState;

  @Column('text', { nullable: true })
  readonly supportText: string | null;

  @Column('text', { nullable: true })
  readonly termsText: string | null;
  @Column('text', { nullable: true })
  readonly termsVersion: string | null;

  @Column('jsonb', { default: () => `'{}'` })
  readonly metadata: Record<string, string>;

  /** The reason why and the time at which staff have stopped the bot; null if they have not. */
  @Column('text', { nullable: true })
  readonly stoppedBecause: string | null;

  @Column('timestamptz', { nullable: true })
  readonly stoppedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  readonly removingSince: Date | null;

  /** The time at which Telegram refused the token of a bot that is being removed; null while it is accepted. */
  @Column('timestamptz', { nullable: true })
  readonly tokenRefusedAt: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  readonly createdAt: Date;

  @Column('timestamptz', { default: () => 'now()' })
  readonly updatedAt: Date;
}

/** The owner of a webhook path and of a Telegram bot. Belongs to the platform; a Telegram bot has at most one. */
@Entity('bot_routes')
@Unique(['environment', 'telegramId'])
export class BotRouteRow {
  @PrimaryColumn('text')
  readonly pathKey: string;

  @Column('bigint')
  readonly telegramId: number;

  @Column('text', { default: 'production' })
  readonly environment: BotEnvironment;

  @Column('uuid')
  readonly ownerTenant: string;

  @Column('uuid')
  readonly botId: string;

  @Column('bytea')
  readonly secretHash: Buffer;

  @Column('bytea', { nullable: true })
  readonly previousSecretHash: Buffer | null;

  /** Null together with a previous secret: no end yet, because Telegram has not confirmed the new one. */
  @Column('timestamptz', { nullable: true })
  readonly previousSecretUntil: Date | null;

  /** The start of the rotation in progress; there is only one, for the lifetime of a claim. */
  @Column('timestamptz', { nullable: true })
  readonly rotatingSince: Date | null;
}
