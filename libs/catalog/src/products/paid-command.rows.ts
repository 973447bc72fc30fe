import { In, QueryFailedError } from 'typeorm';
import type { TenantTx } from '#libs/database';
import type { PaidCommandTerms } from '../kinds/kind-paid-command.js';
import { PaidCommandRow } from './paid-command.entity.js';
import { InvalidProduct } from './product.js';

export async function loadCommands(
  tx: TenantTx,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, PaidCommandTerms>> {
  const rows = await tx.manager.findBy(PaidCommandRow, { tenantId: tx.tenantId, productId: In([...productIds]) });
  return new Map(rows.map(({ tenantId: _tenant, botId: _bot, productId, ...terms }) => [productId, terms]));
}

/** @throws InvalidProduct when another product of the bot has the command */
export async function saveCommand(tx: TenantTx, productId: string, terms: PaidCommandTerms): Promise<void> {
  const { command, creditUnit, creditAmount, needsArguments } = terms;
  await tx
    .query(
      `insert into paid_commands (tenant_id, product_id, bot_id, command, credit_unit, credit_amount, needs_arguments)
       select tenant_id, id, bot_id, $3, $4, $5, $6 from products where tenant_id = $1 and id = $2
       on conflict (tenant_id, product_id) do update set command = excluded.command, credit_unit = excluded.credit_unit,
         credit_amount = excluded.credit_amount, needs_arguments = excluded.needs_arguments`,
      [tx.tenantId, productId, command, creditUnit, creditAmount, needsArguments],
    )
    .catch((error: unknown) => {
      throw isTaken(error) ? new InvalidProduct([TAKEN]) : error;
    });
}

const TAKEN = { path: 'paid_command.command', message: 'must be unique: another product of this bot has it' };

function isTaken(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint } = error.driverError as { readonly constraint?: string };
  return constraint === 'paid_commands_one';
}
