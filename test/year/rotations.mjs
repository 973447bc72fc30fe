import { spawn } from 'node:child_process';

const KEYS = 'dist/commands/keys.js';
/** PostgreSQL's timeouts follow the time of day, so a jump ends every open transaction. */
const OVERTAKEN = /not available at this moment|due to (?:transaction|statement|lock) timeout/;
const TRIES = 5;

/**
 * Runs `npm run keys` like an operator, and repeats it when a jump has ended it.
 * @returns {Promise<string | undefined>} a sentence when it failed
 */
async function keys(env, ...command) {
  let sentence;
  for (let tries = 0; tries < TRIES; tries += 1) {
    sentence = await keysOnce(env, command);
    if (sentence === undefined || !OVERTAKEN.test(sentence)) break;
  }
  return sentence;
}

function keysOnce(env, command) {
  const child = spawn(process.execPath, [KEYS, ...command], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) =>
    child.once('close', (code) =>
      resolve(code === 0 ? undefined : `keys ${command.join(' ')} ended with ${code}: ${said.trim()}`),
    ),
  );
}

/** Replaces the webhook secret. The former one signs for another day. */
export async function rotateSecret({ creator, receiver, endpointId }) {
  receiver.secret = (await creator.must('POST', `/v1/endpoints/${endpointId}/rotate-secret`, {})).secret;
}

/**
 * Replaces the keys that sign tokens and those that encrypt secrets while the shop is selling. The latter waits for more than a minute,
 * until no process seals with a former key.
 * @returns {Promise<string[]>} a sentence per failure
 */
export async function rotateKeys(env) {
  const outcomes = [];
  for (const command of [['rotate-signing'], ['rotate-data'], ['status']]) outcomes.push(await keys(env, ...command));
  return outcomes.filter((outcome) => outcome !== undefined);
}
