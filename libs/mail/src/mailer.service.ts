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

/** The server has refused the letter for good: another try would be refused as well. */
export class MailRefused extends Error {}

/** Hands letters to a mail server. Never call it in a transaction. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly route;
  private readonly transport;

  constructor(@Inject(CONFIG) config: MailSettings) {
    this.route = mailRoute(config);
    if (this.route?.kind === 'smtp') this.transport = createTransport({ url: this.route.url, ...PATIENCE });
  }

  /**
   * @param id the same at every try: it becomes the Message-ID, by which a mailbox recognises a letter that comes twice
   * @throws MailRefused for good; another error when it is worth trying again
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

  /** Connects and logs in, and sends nothing. @throws Error with the server's reason */
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

/** A refusal of the recipient or of the letter (5xx after MAIL, RCPT or DATA); not one of our login. */
function isFinal(error: unknown): boolean {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
}

/** Codes only: a server's words may hold the address. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number };
  return `the mail server did not take it (${[code, responseCode].filter((one) => one !== undefined).join(' ') || 'no code'})`;
}
