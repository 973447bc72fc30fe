import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const MAX_CLOCK_SKEW_MS = 15 * 60_000;

export const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

export interface AwsLogin {
  readonly region: string;
  readonly service: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Verifies a signature according to the specification of AWS Signature Version 4
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 * @param bodyHash the body's hash, or its substitute
 * @param wanted additional headers that must be signed
 */
export function isSigned(request: IncomingMessage, bodyHash: string, login: AwsLogin, wanted: string[] = []): boolean {
  const header = (name: string) => String(request.headers[name] ?? '');
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const time = header('x-amz-date');
  const parts = /^AWS4-HMAC-SHA256 Credential=(.+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
    header('authorization'),
  );
  const [credential = '', signedHeaders = '', signature = ''] = parts?.slice(1) ?? [];
  const { region, service, accessKeyId, secretAccessKey } = login;
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const signed = signedHeaders.split(';');
  if (credential !== `${accessKeyId}/${scope}`) return false;
  if (!['host', 'x-amz-date', ...wanted].every((name) => signed.includes(name))) return false;
  if (Math.abs(Date.now() - amzTime(time)) > MAX_CLOCK_SKEW_MS) return false;

  const headers = signed.map((name) => `${name}:${header(name).trim().replace(/\s+/g, ' ')}`);
  const canonical = [request.method, path, query, ...headers, '', signedHeaders, bodyHash].join('\n');
  const day = hmac(`AWS4${secretAccessKey}`, time.slice(0, 8));
  const key = hmac(hmac(hmac(day, region), service), 'aws4_request');
  const expected = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n'));
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

/** `20260131T235959Z` */
function amzTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
