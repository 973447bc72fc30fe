import { Injectable } from '@nestjs/common';
import { InlineKeyboard } from 'grammy';
import { ChatDoor, type Invitation } from '#libs/chats';
import { Telegram } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { Phrasebook } from '#libs/texts';

/** Sends buyers their way into a chat, or says why there is none. */
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
    const keyboard = buttonFor(invitation, words);
    const message = await this.telegram.api(bot.token).sendMessage(buyerId, wording(invitation, words), {
      ...(keyboard && { reply_markup: keyboard }),
      link_preview_options: { is_disabled: true },
    });
    return message.message_id;
  }
}

function wording({ title: chat, until, way }: Invitation, words: Phrasebook): string {
  if (way === 'over') return words.say('access.over', { chat });
  if (until === null) return words.say(way === 'inside' ? 'access.inside' : 'access.open', { chat });
  return words.say(way === 'inside' ? 'access.inside_until' : 'access.open_until', { chat, until });
}

function buttonFor({ way }: Invitation, words: Phrasebook): InlineKeyboard | undefined {
  if (way === 'inside') return undefined;
  const keyboard = new InlineKeyboard();
  return way === 'over'
    ? keyboard.text(words.say('access.again'), 'shop:0')
    : keyboard.url(words.say('access.join'), way.link);
}
