import { Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { ChatDoor, type Invitation } from '#libs/chats';
import { Telegram } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';

/** Sends buyers their way into a chat, or says that they are in already. */
@Injectable()
export class ChatInviter {
  constructor(
    private readonly door: ChatDoor,
    private readonly telegram: Telegram,
  ) {}

  /**
   * May be called again: it is the same link, as long as that is good. Throws what the Bot API client throws, and what
   * {@link ChatDoor.invitation} does. @returns the id of the message
   */
  async send(bot: OpenBot, words: Phrasebook, chatId: string, buyerId: number): Promise<number> {
    const invitation = await this.door.invitation(bot, chatId, buyerId);
    const { link } = invitation;
    const keyboard =
      link === undefined ? {} : { reply_markup: new InlineKeyboard().url(words.say('access.join'), link) };
    const message = await this.telegram.api(bot.token).sendMessage(buyerId, wording(invitation, words), {
      ...keyboard,
      link_preview_options: { is_disabled: true },
    });
    return message.message_id;
  }
}

function wording({ title: chat, until, link }: Invitation, words: Phrasebook): string {
  if (link === undefined)
    return until === null ? words.say('access.inside', { chat }) : words.say('access.inside_until', { chat, until });
  return until === null ? words.say('access.open', { chat }) : words.say('access.open_until', { chat, until });
}
