import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { SECOND } from '#libs/kernel';
import { CONFIG } from '#libs/runtime';
import type { Letter } from './letter.js';
import { type MailSettings, mailRoute } from './mail-route.js';

const PATIENCE_MS = 15 * SECOND;
const PATIENCE = {
  connectionTimeout: PATIENCE_MS,
  greetingTimeout: PATIENCE_MS,
  socketTimeout: PATIENCE_MS,
  disableFileAccess: true,
  disableUrlAccess: true,
};

/** Thrown when the server has refused the email permanently: another attempt would be refused as well. */
export class MailRefused extends Error {}

/** Hands emails to a mail server. Never call it in a transaction. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly route;
  private readonly transport;

  constructor(@Inject(CONFIG) config: MailSettings) {
    this.route = mailRoute(config);
    if (this.route?.kind === 'smtp') this.transport = createTransport({ url: this.route.url, ...PATIENCE });
  }

  /**
   * @param id the same in every attempt: it becomes the Message-ID, by which a mailbox recognises a duplicate @throws
   * MailRefused for a permanent refusal; another error if a retry may help
   */
  async send(id: string, to: string, letter: Letter): Promise<void> {
    if (this.route?.kind === 'simulator') return this.keep(this.route.url, id, to, letter);
    if (this.route === undefined || this.transport === undefined) throw new MailRefused('no mail server is configured');
    const { from } = this.route;
    const messageId = `<${id}@${from.split('@').at(-1)?.replace('>', '') ?? 'starwall'}>`;
    try {
      await this.transport.sendMail({
        from,
        to,
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...letter,
      });
    } catch (error) {
      throw isFinal(error) ? new MailRefused(reasonOf(error)) : new Error(reasonOf(error));
    }
  }

  /** Connects and logs in, without sending anything. @throws Error with the server's reason */
  async reach(): Promise<void> {
    if (this.route?.kind !== 'smtp') return;
    await this.transport?.verify().catch((error: unknown) => {
      throw new Error(reasonOf(error));
    });
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  private async keep(url: string, id: string, to: string, letter: Letter): Promise<void> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, to, ...letter }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  }
}

/** True for a refusal of the recipient or of the email (5xx after MAIL, RCPT or DATA), but not of our login. */
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
}

/** Describes an error by its codes only, because a server's message may contain the address. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  return `the mail server did not accept it (${[code, responseCode].filter((one) => one !== undefined).join(' ') || 'no code'})`;
}
