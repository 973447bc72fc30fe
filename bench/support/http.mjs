import { Agent, request } from 'node:http';

const ANSWERED_WITHIN_MS = 60_000;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/** Posts an update to a webhook, as Telegram does. Costs much less than `fetch`, because the driver shares the machine. @returns the status */
export function post({ url, secret }, update) {
  const body = JSON.stringify(update);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-telegram-bot-api-secret-token': secret,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    sent.setTimeout(ANSWERED_WITHIN_MS, () => sent.destroy(new Error('A webhook is not answered.')));
    sent.on('error', reject);
    sent.end(body);
  });
}
