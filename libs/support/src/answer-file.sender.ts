import { Injectable } from '@nestjs/common';
import type { InlineKeyboard, InputFile } from 'grammy';
import type { Message } from 'grammy/types';
import { FileService } from '#libs/catalog';
import { Database } from '#libs/database';
import { judge, Telegram, upload } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { OutgoingAnswer } from './answer.service.js';
import { fileIn } from './message-file.js';

interface Options {
  readonly caption: string;
  readonly reply_markup: InlineKeyboard;
}

interface Sent {
  readonly telegramMessageId: number;
  readonly fileId: string | undefined;
}

/** Sends the file of a reply. Throws the errors of the Bot API client; repeatable. */
@Injectable()
export class AnswerFileSender {
  constructor(
    private readonly db: Database,
    private readonly files: FileService,
    private readonly telegram: Telegram,
  ) {}

  async send(bot: OpenBot, answer: OutgoingAnswer, options: Options): Promise<Sent> {
    try {
      return told(await this.sendAs(bot, answer, options));
    } catch (error) {
      // A picture that Telegram cannot show, for example because of its proportions, is still a file.
      if (answer.fileKind !== 'photo' || answer.fileId !== null || judge(error).kind !== 'refused') throw error;
      return told(await this.sendAs(bot, { ...answer, fileKind: 'document' }, options));
    }
  }

  private async sendAs(bot: OpenBot, answer: OutgoingAnswer, options: Options): Promise<Message> {
    const [api, to, file] = [this.telegram.api(bot.token, 'upload'), answer.buyerId, await this.fileOf(bot, answer)];
    switch (answer.fileKind) {
      case 'photo':
        return api.sendPhoto(to, file, options);
      case 'video':
        return api.sendVideo(to, file, options);
      case 'animation':
        return api.sendAnimation(to, file, options);
      case 'voice':
        return api.sendVoice(to, file, options);
      case 'audio':
        return api.sendAudio(to, file, options);
      case 'video_note':
        return api.sendVideoNote(to, file, { reply_markup: options.reply_markup });
      case 'sticker':
        return api.sendSticker(to, file, { reply_markup: options.reply_markup });
      case 'document':
      case null:
        return api.sendDocument(to, file, options);
    }
  }

  private async fileOf({ tenantId }: OpenBot, { fileId, uploadId }: OutgoingAnswer): Promise<string | InputFile> {
    if (fileId !== null) return fileId;
    if (uploadId === null) throw new Error('the reply has no file');
    const { file, stream } = await this.db.inTenant(tenantId, (tx) => this.files.open(tx, uploadId));
    return upload(stream, file.name);
  }
}

const told = (message: Message): Sent => ({
  telegramMessageId: message.message_id,
  fileId: fileIn(message)?.fileId,
});
