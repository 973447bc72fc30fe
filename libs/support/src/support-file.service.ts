import { Injectable } from '@nestjs/common';
import { FileService } from '#libs/catalog';
import { Database } from '#libs/database';
import { NotFound } from '#libs/kernel';
import { type Downloaded, Telegram } from '#libs/telegram';
import { BotCalls, telegramRefusal, TelegramUnavailable } from '#libs/tenants';
import { SupportMessageRow } from './support-message.entity.js';
import { SupportThreadRow } from './support-thread.entity.js';

interface OpenSupportFile extends Pick<Downloaded, 'stream'> {
  /** The buyer's file name, or else the kind. */
  readonly name: string;
}

/** Opens files in conversations. Telegram stores those of buyers; those of replies through the API are stored here. */
@Injectable()
export class SupportFiles {
  constructor(
    private readonly db: Database,
    private readonly files: FileService,
    private readonly calls: BotCalls,
    private readonly telegram: Telegram,
  ) {}

  /**
   * Opens the file of a message, at most 20 MB (Bot API, getFile).
   * @throws NotFound, and the errors of {@link BotCalls.ask}
   */
  async open(tenantId: string, threadId: string, messageId: string): Promise<OpenSupportFile> {
    const { thread, message } = await this.db.inTenant(tenantId, async (tx) => ({
      thread: await tx.manager.findOneBy(SupportThreadRow, { tenantId, id: threadId }),
      message: await tx.manager.findOneBy(SupportMessageRow, { tenantId, id: messageId, threadId }),
    }));
    if (thread === null || message?.fileKind === undefined || message.fileKind === null)
      throw new NotFound('support file');
    const { fileId, fileName, fileKind, uploadId } = message;
    if (uploadId !== null) {
      const { file, stream } = await this.db.inTenant(tenantId, (tx) => this.files.open(tx, uploadId));
      return { stream, name: file.name };
    }
    if (fileId === null) throw new NotFound('support file');
    const bot = await this.calls.open(tenantId, thread.botId);
    try {
      const file = await this.telegram.download(bot.token, fileId);
      return { ...file, name: fileName ?? `${fileKind}${file.extension}` };
    } catch (error) {
      throw telegramRefusal(error, new TelegramUnavailable());
    }
  }
}
