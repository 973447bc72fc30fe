import type { InlineKeyboard } from 'grammy';
import type { CardText } from '#libs/catalog';
import { splitText } from '#libs/kernel';
import { photoPreview, TelegramRefused } from '#libs/telegram';
import { PLACES } from '#libs/texts';
import type { ShopContext } from './scope.js';

/** Edits the message whose button was pressed; without one, or when it can no longer be edited, sends a new one. */
export async function show(
  ctx: ShopContext,
  said: string | CardText,
  keyboard?: InlineKeyboard,
  photoUrl: string | null = null,
): Promise<void> {
  const { text, entities } = typeof said === 'string' ? { text: said, entities: [] } : said;
  const other = {
    entities: [...entities],
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
    link_preview_options: photoPreview(photoUrl),
  };
  const pressed = ctx.callbackQuery?.message;
  if (pressed?.date === undefined || pressed.date === 0) {
    await ctx.reply(text, other);
  } else if (pressed.photo !== undefined) {
    // A message with a photo has no text that could be edited.
    await ctx.reply(text, other);
    return replaced(ctx);
  } else {
    await ctx.editMessageText(text, other).catch((error: unknown) => {
      if (!(error instanceof TelegramRefused) || error.code !== 400) throw error;
      return /not modified/i.test(error.description) ? undefined : ctx.reply(text, other);
    });
  }
  await stopSpinner(ctx);
}

/** Sends a text that may be longer than one message: in parts, with the buttons below the last. */
export async function tell(ctx: ShopContext, text: string, keyboard?: InlineKeyboard): Promise<void> {
  const parts = splitText(text, PLACES.message.max);
  for (const [place, part] of parts.entries()) {
    const isLast = place === parts.length - 1;
    await ctx.reply(part, isLast && keyboard !== undefined ? { reply_markup: keyboard } : {});
  }
}

/** Removes the message whose button was pressed, because another has replaced it. */
export async function replaced(ctx: ShopContext): Promise<void> {
  if (ctx.callbackQuery?.message !== undefined) await ctx.deleteMessage().catch(() => undefined);
  await stopSpinner(ctx);
}

async function stopSpinner(ctx: ShopContext): Promise<void> {
  if (ctx.callbackQuery !== undefined) await ctx.answerCallbackQuery().catch(() => undefined);
}
