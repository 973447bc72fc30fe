import { AwsClient } from 'aws4fetch';
import { clip, SECOND } from '#libs/kernel';
import type { KmsConfig } from '#libs/runtime';

/** A key service whose key never leaves it. It encrypts the master keys, never data. */
export interface KeyService {
  encrypt(plaintext: Buffer): Promise<Buffer>;
  /** @throws Error without a secret in its message */
  decrypt(ciphertext: Buffer): Promise<Buffer>;
}

const TRIES = 4;
const TIMEOUT = 5 * SECOND;
/** Bound into the ciphertext, and shown in the KMS's audit log. */
const CONTEXT = { purpose: 'starwall-master-key' };

/**
 * Client for AWS KMS and compatible services: JSON 1.1 with the actions Encrypt and Decrypt, signed with version 4.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
 */
export class KmsClient implements KeyService {
  private readonly aws: AwsClient;

  constructor(private readonly settings: KmsConfig) {
    const { accessKeyId, secretAccessKey, sessionToken, region } = settings;
    this.aws = new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      region,
      service: 'kms',
      retries: 0,
    });
  }

  async encrypt(plaintext: Buffer): Promise<Buffer> {
    const { CiphertextBlob } = await this.call('Encrypt', { Plaintext: plaintext.toString('base64') });
    return blob(CiphertextBlob);
  }

  async decrypt(ciphertext: Buffer): Promise<Buffer> {
    const { Plaintext } = await this.call('Decrypt', { CiphertextBlob: ciphertext.toString('base64') });
    return blob(Plaintext);
  }

  private async call(action: 'Encrypt' | 'Decrypt', body: object): Promise<Said> {
    const json = JSON.stringify({ KeyId: this.settings.keyId, EncryptionContext: CONTEXT, ...body });
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.once(action, json);
      if ('said' in answer) return answer.said;
      if (!answer.mayPass || attempt === TRIES) throw new Error(answer.failed);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** attempt));
    }
  }

  private async once(action: string, body: string): Promise<Failed | { readonly said: Said }> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` };
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const request = await this.aws.sign(this.settings.endpoint, { method: 'POST', headers, body });
      const response = await fetch(request, { signal });
      const said = (await response.json().catch(() => ({}))) as Said;
      if (response.ok) return { said };
      const mayPass = response.status === 429 || response.status >= 500 || /Throttl/.test(String(said['__type']));
      return { failed: `${action} was answered with ${response.status} ${nameOf(said['__type'])}`.trim(), mayPass };
    } catch (error) {
      const why = error instanceof Error ? error.name : 'Error';
      return {
        failed: `${action} had no response from ${new URL(this.settings.endpoint).host} (${why})`,
        mayPass: true,
      };
    }
  }
}

type Said = Readonly<Record<string, unknown>>;

interface Failed {
  readonly failed: string;
  readonly mayPass: boolean;
}

/** The name of an AWS error, with or without its namespace. */
const nameOf = (type: unknown) => (typeof type === 'string' ? clip(type.split('#').at(-1) ?? '', 80) : '');

function blob(value: unknown): Buffer {
  if (typeof value !== 'string' || value === '') throw new Error('the KMS answered without the requested bytes');
  return Buffer.from(value, 'base64');
}
