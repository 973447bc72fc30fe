export interface SealedColumnFacts {
  readonly table: string;
  readonly column: string;
  /** The owner of the data key: the row's tenant, or the platform. */
  readonly of: 'tenant' | 'platform';
  /** The columns that identify a row within its tenant, with their types. */
  readonly key: Readonly<Record<string, 'uuid' | 'text'>>;
  /** The row's id in its {@link SecretPlace}, as SQL. */
  readonly rowId: string;
}

const byId = { key: { id: 'uuid' }, rowId: 'id::text' } as const;
const byProduct = { key: { product_id: 'uuid' }, rowId: 'product_id::text' } as const;

/** All columns of the database with sealed values. Rotations process them all. */
export const SEALED_COLUMNS = {
  'bot_import_lines.token': { table: 'bot_import_lines', column: 'token_sealed', of: 'tenant', ...byId },
  'bots.token': { table: 'bots', column: 'token_sealed', of: 'tenant', ...byId },
  'endpoints.secret': { table: 'endpoints', column: 'secret_sealed', of: 'tenant', ...byId },
  'endpoints.previous_secret': { table: 'endpoints', column: 'previous_secret_sealed', of: 'tenant', ...byId },
  'erasures.telegram_id': { table: 'erasures', column: 'telegram_id_sealed', of: 'tenant', ...byId },
  'fulfilment_secrets.secret': { table: 'fulfilment_secrets', column: 'secret_sealed', of: 'tenant', ...byProduct },
  'fulfilment_secrets.previous_secret': {
    table: 'fulfilment_secrets',
    column: 'previous_secret_sealed',
    of: 'tenant',
    ...byProduct,
  },
  'idempotency_keys.answer': {
    table: 'idempotency_keys',
    column: 'answer_sealed',
    of: 'tenant',
    key: { principal_id: 'uuid', key: 'text' },
    rowId: `principal_id || '/' || key`,
  },
  'second_factors.totp': {
    table: 'second_factors',
    column: 'totp_sealed',
    of: 'platform',
    key: { account_id: 'uuid' },
    rowId: 'account_id::text',
  },
  'staff_accounts.totp': { table: 'staff_accounts', column: 'totp_sealed', of: 'platform', ...byId },
  'licence_keys.key': { table: 'licence_keys', column: 'key_sealed', of: 'tenant', ...byId },
  'licence_pools.hash_key': { table: 'licence_pools', column: 'hash_key_sealed', of: 'tenant', ...byProduct },
  'mails.secret': { table: 'mails', column: 'secret_sealed', of: 'tenant', ...byId },
  'signing_keys.secret': {
    table: 'signing_keys',
    column: 'secret_sealed',
    of: 'platform',
    key: { kid: 'text' },
    rowId: 'kid',
  },
} as const satisfies Readonly<Record<string, SealedColumnFacts>>;

export type SealedColumn = keyof typeof SEALED_COLUMNS;
