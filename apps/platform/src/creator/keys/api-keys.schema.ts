import { z } from 'zod';
import { publicId, type Shown } from '#libs/kernel';
import { type ApiKeyRow, KEY_SCOPES, stateOfKey } from '#libs/tenants';
import { listOf, listQuery, notes, notesChange, notesView, timeOrNull } from '../../http/schema.js';

const scope = z.enum(KEY_SCOPES);
const time = z.iso.datetime();

export const createApiKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).describe('What it is for, for people'),
    scopes: z.array(scope).min(1).max(KEY_SCOPES.length).describe('What it may do: no more than your own role may'),
    expires_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('At most 365 days from now. Left out: the key does not expire.'),
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
    livemode: z.boolean().describe('Whether the Stars it moves are real'),
    name: z.string(),
    hint: z.string().describe('Its first and last characters'),
    scopes: z.array(scope),
    state: z.enum(['active', 'expired', 'revoked']),
    created_by: z
      .string()
      .describe('The member who made it. The key can do no more than they may, and ends when they leave.'),
    metadata: notesView,
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('Right to about a minute'),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

export const newApiKeyViewSchema = apiKeyViewSchema
  .extend({ key: z.string().describe('Send it as `Authorization: Bearer`. It is shown here and never again.') })
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
