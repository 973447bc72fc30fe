import { connect } from 'node:tls';
import { DAY, SECOND } from '#libs/kernel';
import type { Config } from '#libs/runtime';
import { WEBHOOK_PREFIX } from '#libs/tenants';
import { type Finding, warning, well, wrong } from './finding.js';

const PATIENCE_MS = 10 * SECOND;
const SLOW_MS = SECOND;
/** Let's Encrypt renews 30 days before the end. */
const RENEW_BEFORE_MS = 14 * DAY;

/** Telegram, and our public addresses as others reach them. */
export async function outsideFindings(config: Config): Promise<Finding[]> {
  const { telegramApiRoot, ingressUrl, publicUrl } = config;
  const hosts = [
    ...new Set([ingressUrl, publicUrl].filter((url) => url.startsWith('https:')).map((url) => new URL(url).host)),
  ];
  const findings = await Promise.all([
    telegram(telegramApiRoot),
    webhook(ingressUrl),
    api(publicUrl),
    ...hosts.map(certificate),
  ]);
  return [...findings, ...proxies(config)];
}

async function telegram(root: string): Promise<Finding> {
  const began = performance.now();
  // An impossible token: any Bot API server refuses it with a Bot API error.
  const answer = await ask(`${root}/bot0:doctor/getMe`);
  if (typeof answer === 'string')
    return wrong(
      'telegram',
      `${root} cannot be reached: ${answer}.`,
      'Allow this machine to connect to it, or check TELEGRAM_API_ROOT and DNS.',
    );
  const took = Math.round(performance.now() - began);
  const isBotApi = answer.text.includes('"ok":false');
  if (!isBotApi) return wrong('telegram', `${root} answers, but is not a Bot API server.`, 'Check TELEGRAM_API_ROOT.');
  if (took > SLOW_MS)
    return warning(
      'telegram',
      `It took ${took} ms to answer.`,
      'Buyers wait that long. Look for a nearer machine or a better network.',
    );
  return well('telegram', `The Bot API answers within ${took} ms.`);
}

/** The ingress refuses a stranger with 401 and nothing else; the platform and other servers do not. */
async function webhook(ingressUrl: string): Promise<Finding> {
  const url = `${ingressUrl}${WEBHOOK_PREFIX}/doctor`;
  const answer = await ask(url, 'POST');
  if (typeof answer === 'string')
    return wrong(
      'webhook',
      `${url} cannot be reached: ${answer}.`,
      'Telegram sends updates there: check the proxy, DNS, the certificate, and that the ingress runs.',
    );
  if (answer.status === 401 && answer.text === '') return well('webhook', 'The ingress answers at its public address.');
  return wrong(
    'webhook',
    `${url} answers ${answer.status}, which is not the ingress.`,
    `Forward ${WEBHOOK_PREFIX}/ to the ingress (INGRESS_PORT) in the proxy: until then no buyer can pay.`,
  );
}

async function api(publicUrl: string): Promise<Finding> {
  const answer = await ask(`${publicUrl}/health/ready`);
  if (typeof answer === 'string')
    return wrong(
      'api',
      `${publicUrl} cannot be reached: ${answer}.`,
      'Check PUBLIC_URL, the proxy, DNS, and that the platform runs.',
    );
  if (answer.status === 200) return well('api', 'The platform is ready at its public address.');
  return wrong(
    'api',
    `${publicUrl}/health/ready answers ${answer.status}.`,
    'Forward everything but /telegram/ to the platform, and look at its log.',
  );
}

function certificate(host: string): Promise<Finding> {
  const { hostname, port } = new URL(`https://${host}`);
  return new Promise((resolve) => {
    const socket = connect(
      { host: hostname, port: Number(port || 443), servername: hostname, timeout: PATIENCE_MS },
      () => {
        const time = new Date(socket.getPeerCertificate().valid_to);
        socket.destroy();
        const left = time.getTime() - Date.now();
        const says = `The certificate of ${host} is valid until ${time.toISOString().slice(0, 10)}.`;
        resolve(
          left > RENEW_BEFORE_MS
            ? well('certificate', says)
            : warning('certificate', says, 'It should have been renewed: look at the proxy.'),
        );
      },
    );
    const fail = (why: string) =>
      resolve(wrong('certificate', `${host}: ${why}.`, 'Telegram needs a valid certificate with its whole chain.'));
    socket.once('timeout', () => fail('no answer'));
    socket.once('error', (error) => fail(error.message));
  });
}

function proxies({ trustedProxies, ingressUrl, publicUrl }: Config): Finding[] {
  const hasProxy = [ingressUrl, publicUrl].some((url) => url.startsWith('https:'));
  if (!hasProxy || trustedProxies.length > 0) return [];
  return [
    warning(
      'proxy',
      'No proxy is trusted, although one terminates TLS.',
      'Set TRUSTED_PROXIES to its address. Otherwise all clients share one login limit.',
    ),
  ];
}

interface Said {
  readonly status: number;
  readonly text: string;
}

/** @returns the answer, or the reason why there is none */
async function ask(url: string, method = 'GET'): Promise<Said | string> {
  try {
    const response = await fetch(url, { method, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { cause, message } = error as Error & {
      readonly cause?: { readonly code?: string; readonly message?: string };
    };
    return cause?.code ?? cause?.message ?? message;
  }
}
