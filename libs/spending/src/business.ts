import type { BusinessBotRights } from 'grammy/types';
import { DomainError } from '#libs/kernel';
import type { BusinessConnectionRow } from './business-connection.entity.js';

/** Rights over an account's Stars and gifts that it may give a bot (Bot API, BusinessBotRights). */
export type MoneyRight =
  | 'can_view_gifts_and_stars'
  | 'can_transfer_stars'
  | 'can_convert_gifts_to_stars'
  | 'can_transfer_and_upgrade_gifts';

export class BusinessRightMissing extends DomainError {
  static readonly code = 'business_right_missing';
  static readonly refusal = 'conflict';
  readonly remedy =
    'Nothing was done. The owner of the account grants rights in Telegram, in the settings of the account, under Business, Chatbots.';

  constructor(rights: readonly string[]) {
    super(
      `The account does not give the bot ${rights.length === 1 ? 'the right' : 'the rights'} ${rights.join(', ')}.`,
    );
  }
}

export class BusinessConnectionDisabled extends DomainError {
  static readonly code = 'business_connection_disabled';
  static readonly refusal = 'conflict';
  readonly remedy = 'Nothing was done. The owner of the account connects the bot again in Telegram.';

  constructor() {
    super('The account has disconnected the bot.');
  }
}

/** Names of the granted rights, including any that Telegram adds to the list later. */
export const rightsOf = (rights: BusinessBotRights | undefined): string[] =>
  Object.entries(rights ?? {})
    .flatMap(([name, given]) => (given === true ? [name] : []))
    .toSorted();

/** @throws BusinessConnectionDisabled, BusinessRightMissing with the missing rights */
export function assertRights(
  connection: Pick<BusinessConnectionRow, 'enabled' | 'rights'>,
  ...needed: readonly MoneyRight[]
): void {
  if (!connection.enabled) throw new BusinessConnectionDisabled();
  const missing = needed.filter((right) => !connection.rights.includes(right));
  if (missing.length > 0) throw new BusinessRightMissing(missing);
}
