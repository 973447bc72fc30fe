import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { type ApiKeyRow, KEY_SCOPES, stateOfKey } from '#libs/tenants';
import { listOf, listQuery, notes, notesChange, notesView, timeOrNull } from '../../http/schema.js';

const scope = z.enum(KEY_SCOPES);
const time = z.iso.datetime();

export const createApiKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('The purpose of the key, for people'),
    scopes: z
      .array(scope)
      .min(1)
      .max(KEY_SCOPES.length)
      .describe('The scopes of the key, no more than those of your own role'),
    expires_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('At most 365 days from now. If omitted, the key does not expire.'),
    metadata: notes.optional(),
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.output<typeof createApiKeySchema>;

export const updateApiKeySchema = notesChange('UpdateApiKey');

export const listApiKeysSchema = listQuery('apiKey', {});
export type ListApiKeys = z.output<typeof listApiKeysSchema>;

export const apiKeyViewSchema = z
  .object({
    object: z.literal('api_key'),
    id: z.string(),
    livemode: z.boolean().describe('True if the Stars that it moves are real'),
    name: z.string(),
    hint: z.string().describe('Its first and last characters'),
    scopes: z.array(scope),
    state: z.enum(['active', 'expired', 'revoked']),
    created_by: z
      .string()
      .describe('The member who created it. The key never has more scopes than they do, and ends when they leave.'),
    metadata: notesView,
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('Accurate to about a minute'),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const newApiKeyViewSchema = apiKeyViewSchema
  .extend({ key: z.string().describe('Send it as `Authorization: Bearer`. It is shown only here.') })
  .meta({ id: 'NewApiKey' });

export const apiKeyListSchema = listOf(apiKeyViewSchema).meta({ id: 'ApiKeyList' });

export const apiKeyView = (row: ApiKeyRow, now: Date): Shown<typeof apiKeyViewSchema> => ({
  object: 'api_key',
  id: publicId('apiKey', row.id),
  livemode: row.livemode,
  name: row.name,
  hint: `${row.livemode ? 'sw_live_' : 'sw_test_'}...${row.last4}`,
  scopes: [...row.scopes],
  state: stateOfKey(row, now),
  created_by: publicId('account', row.createdBy),
  metadata: row.metadata,
  created_at: row.createdAt.toISOString(),
  expires_at: timeOrNull(row.expiresAt),
  last_used_at: timeOrNull(row.lastUsedAt),
  revoked_at: timeOrNull(row.revokedAt),
});
