import { ApiExtension } from '@nestjs/swagger';
import type { RefusalClass } from '#libs/kernel';
import {
  BotNotInState,
  TelegramOutcomeUnknown,
  TelegramSaidNo,
  TelegramUnavailable,
  TenantRestricted,
} from '#libs/tenants';
import {
  BusinessConnectionDisabled,
  BusinessRightMissing,
  CeilingExceeded,
  ConfirmationRequired,
  SpendingUnderWay,
} from '#libs/spending';
import { STATUS } from './refusal.filter.js';

/** Error codes with their statuses. */
export type Refusals = readonly (readonly [status: number, code: string])[];

/** Marks an operation of the document with its route's declaration. */
export const DECLARED = 'x-declared-refusals';

/**
 * Declares a route's refusals beyond those that follow from its audience, its parameters and its body
 * (api-refusals.ts). Tests fail when a route answers with a code that it does not declare.
 */
export const Refuses = (...refusals: readonly RefusalClass[]) => ApiExtension(DECLARED, codesOf(refusals));

export const codesOf = (refusals: readonly RefusalClass[]): Refusals =>
  refusals.map(({ refusal, code }) => [STATUS[refusal], code]);

/** Refusals of routes that call Telegram as the bot. */
export const ASKS_TELEGRAM = [TenantRestricted, BotNotInState, TelegramSaidNo, TelegramUnavailable] as const;

/** Refusals of routes that spend a bot's Stars. */
export const SPENDS = [
  ...ASKS_TELEGRAM,
  TelegramOutcomeUnknown,
  ConfirmationRequired,
  CeilingExceeded,
  SpendingUnderWay,
] as const;

/** Refusals of routes that act for a connected account. */
export const BUSINESS = [BusinessRightMissing, BusinessConnectionDisabled] as const;
