/**
 * Writes test/simulator/specification/bot-api.json: the Bot API's methods with the names and types of their parameters, from a
 * machine-readable specification of version 10.2, plus the changes of 10.3.
 *
 *     node scripts/bot-api-spec.mjs <api.min.json>
 *
 * test/simulator/specification/README.md names the source of that file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const TARGET = new URL('../test/simulator/specification/bot-api.json', import.meta.url);
const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Usage: node scripts/bot-api-spec.mjs <api.min.json>');

const { methods } = JSON.parse(readFileSync(source, 'utf8'));

/** Changes in 10.3: one object describes messages to a single member of a group, and drafts can be stopped. */
function changed(name, fields) {
  const names = fields.map((field) => field.name);
  const isEphemeral =
    name.startsWith('send') && names.includes('receiver_user_id') && names.includes('callback_query_id');
  const kept = isEphemeral ? fields.filter((one) => !/^(receiver_user_id|callback_query_id)$/.test(one.name)) : fields;
  const added = [];
  if (isEphemeral) added.push({ name: 'ephemeral_message_parameters', types: ['EphemeralMessageParameters'] });
  if (name === 'sendMessageDraft' || name === 'sendRichMessageDraft') {
    added.push({ name: 'can_stop', types: ['Boolean'] }, { name: 'keep_on_stop', types: ['Boolean'] });
  }
  return [...kept, ...added];
}

const written = ({ name, types, required = false }) => `${name}${required ? '!' : ''}: ${types.join(' | ')}`;

const entries = Object.values(methods).map(({ name, fields = [] }) => [
  name,
  changed(name, fields).map(written).join('; '),
]);
const text = JSON.stringify({ version: '10.3', methods: Object.fromEntries(entries) }, undefined, 2);
writeFileSync(TARGET, `${text}\n`);
