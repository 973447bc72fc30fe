import { spawn } from 'node:child_process';
import { pause } from '../chaos/random.mjs';
import { kindsOf } from './kinds.mjs';

const CONNECTIONS = 16;
const CALM_MS = 5_000;
const RISE_MS = 1_000;
const NOISY_MS = 6_000;

/** Opens a shop of a creator who can send every kind of request. */
export async function openLoudShop({ creator, botId }) {
  const wish = { bot_id: botId, kind: 'licence_key', title: 'Pro', description: 'One seat', stars: 50 };
  const { id: productId } = await creator.must('POST', '/v1/products', wish);
  const scopes = ['products:read', 'products:write', 'endpoints:write', 'orders:read'];
  const { key } = await creator.must('POST', '/v1/api-keys', { name: 'Hostile', scopes });
  return { botId, productId, key };
}

/**
 * Floods the platform with each kind of request in turn, and measures a neighbour's pre-checkouts before and during each flood.
 * @returns the milliseconds of every attempt, by kind
 */
export async function floodWithEach({ apiUrl, loud, neighbour }) {
  const measured = {};
  for (const name of Object.keys(kindsOf(loud))) {
    await recovered(apiUrl, name);
    const calm = await neighbour.preCheckouts(CALM_MS);
    const flood = startFlood({ url: apiUrl, connections: CONNECTIONS, kind: { name, loud } });
    await pause(RISE_MS);
    const noisy = await neighbour.preCheckouts(NOISY_MS);
    measured[name] = { calm, noisy, answered: await flood.stop() };
  }
  return measured;
}

/** Waits until the platform has recovered from the previous flood. @throws Error after two minutes */
async function recovered(apiUrl, next) {
  const answer = await fetch(`${apiUrl}/health/live`, { signal: AbortSignal.timeout(120_000) }).catch(() => undefined);
  if (answer?.ok !== true)
    throw new Error(`Two minutes after what came before "${next}" the platform does not answer.`);
}

function startFlood(wish) {
  const child = spawn(process.execPath, ['test/noise/hostile.process.mjs', JSON.stringify(wish)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    /** @returns the number of answers by status */
    stop: async () => {
      child.stdin.end();
      await ended;
      return JSON.parse(output);
    },
  };
}
