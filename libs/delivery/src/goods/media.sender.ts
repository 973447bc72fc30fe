import { Injectable } from '@nestjs/common';
import type { InputFile } from 'grammy';
import type {
  InlineKeyboardMarkup,
  InputMediaPhoto,
  InputMediaVideo,
  InputPaidMedia,
  Message,
  MessageEntity,
  PaidMedia,
} from 'grammy/types';
import { FileService, type MediaItem, type Product, ProductService } from '#libs/catalog';
import { Database, type TenantTx } from '#libs/database';
import type { Stars } from '#libs/kernel';
import { isForgottenFile, Telegram, upload } from '#libs/telegram';
import type { OpenBot } from '#libs/tenants';
import type { Handover } from './handover.js';

export interface LockedMedia {
  /** A person, or a channel by its id or `@name`. */
  readonly chatId: number | string;
  readonly stars: Stars;
  /** Returned with the purchase and its transaction. A channel's purchases are not reported. */
  readonly payload: string | undefined;
  readonly caption: string;
}

export interface PhotoOptions {
  readonly caption: string;
  readonly caption_entities?: MessageEntity[];
  readonly reply_markup?: InlineKeyboardMarkup;
}

type Sender = Pick<OpenBot, 'tenantId' | 'botId' | 'token'>;
/** A photo or video as a call's argument: Telegram's id of it, or a file to upload. */
type Input = { readonly type: 'photo' | 'video'; readonly media: string | InputFile };

/**
 * Sends photos and videos: those of `paid_media`, and photos of products. Every method throws the errors of the Bot API
 * client.
 */
@Injectable()
export class MediaSender {
  constructor(
    private readonly db: Database,
    private readonly telegram: Telegram,
    private readonly files: FileService,
    private readonly products: ProductService,
  ) {}

  /** Sends a product's media blurred, to be unlocked for Stars. */
  async sendLocked(bot: Sender, product: Product, { chatId, stars, payload, caption }: LockedMedia): Promise<Message> {
    const items = itemsOf(product);
    const other = { caption, ...(payload === undefined ? {} : { payload }) };
    return this.withInputs(
      bot,
      items,
      // The inputs here are also valid as paid ones.
      (inputs) => this.api(bot).sendPaidMedia(chatId, stars, inputs as unknown as InputPaidMedia[], other),
      (sent) => sent.paid_media.paid_media.map(fileIdOf),
    );
  }

  /** Sends a product's media to a buyer who has paid. @returns the id of the (first) message */
  async give({ bot, buyerId, product: { id, title } }: Handover): Promise<number> {
    const product = await this.db.inTenant(bot.tenantId, (tx) => this.products.get(tx, id));
    const items = itemsOf(product);
    const [first] = await this.withInputs(
      bot,
      items,
      (inputs) => this.sendOpen(bot, buyerId, inputs, title),
      (sent) => sent.map(openFileIdOf),
    );
    if (first === undefined) throw new Error('Telegram returned no messages for an album');
    return first.message_id;
  }

  /** Sends a photo from the workspace's files. @param other caption and buttons, as the Bot API accepts them */
  async sendPhoto(bot: Sender, chatId: number, fileId: string, other: PhotoOptions): Promise<void> {
    const items = [{ type: 'photo', fileId, telegramFileId: null } as const];
    await this.withInputs(
      bot,
      items,
      async ([photo]) => {
        if (photo === undefined) throw new Error('a photo without a file');
        return this.api(bot).sendPhoto(chatId, photo.media, other);
      },
      (sent) => [openFileIdOf(sent)],
    );
  }

  private async sendOpen(bot: Sender, chatId: number, inputs: readonly Input[], title: string): Promise<Message[]> {
    const api = this.api(bot);
    const [first, ...others] = inputs;
    if (first === undefined) throw new Error('a product of paid media has none');
    if (others.length > 0) {
      const album = [{ ...first, caption: title }, ...others];
      return api.sendMediaGroup(chatId, album as unknown as (InputMediaPhoto | InputMediaVideo)[]);
    }
    const other = { caption: title };
    return [
      await (first.type === 'photo'
        ? api.sendPhoto(chatId, first.media, other)
        : api.sendVideo(chatId, first.media, other)),
    ];
  }

  /**
   * Makes the call with Telegram's ids; if Telegram no longer knows one of them, with the files themselves. Stores
   * Telegram's ids of uploaded files.
   * @param namesOf extracts Telegram's ids from the sent message, in order
   */
  private async withInputs<T>(
    bot: Sender,
    items: readonly MediaItem[],
    call: (inputs: readonly Input[]) => Promise<T>,
    namesOf: (sent: T) => readonly (string | undefined)[],
  ): Promise<T> {
    const known = await this.db.inTenant(bot.tenantId, (tx) => this.knownIds(tx, bot, items));
    const send = async (names: readonly (string | undefined)[]) => {
      const sent = await call(await this.inputs(bot, items, names));
      const kept = namesOf(sent).map((name, place) => (names[place] === undefined ? name : undefined));
      await this.remember(bot, items, kept);
      return sent;
    };
    try {
      return await send(known);
    } catch (error) {
      if (!isForgottenFile(error) || known.every((id, place) => id === undefined || items[place]?.fileId === null))
        throw error;
      return send([]);
    }
  }

  private knownIds(tx: TenantTx, { botId }: Sender, items: readonly MediaItem[]): Promise<(string | undefined)[]> {
    return Promise.all(
      items.map(async ({ fileId, type }) =>
        fileId === null ? undefined : await this.files.telegramFileId(tx, botId, fileId, type),
      ),
    );
  }

  private async inputs(
    { tenantId }: Sender,
    items: readonly MediaItem[],
    known: readonly (string | undefined)[],
  ): Promise<Input[]> {
    return Promise.all(
      items.map(async ({ type, fileId, telegramFileId }, place) => {
        const name = telegramFileId ?? known[place];
        if (name !== undefined) return { type, media: name };
        if (fileId === null) throw new Error('a photo or video without a file');
        const { file, stream } = await this.db.inTenant(tenantId, (tx) => this.files.open(tx, fileId));
        return { type, media: upload(stream, file.name) };
      }),
    );
  }

  private async remember(
    bot: Sender,
    items: readonly MediaItem[],
    ids: readonly (string | undefined)[],
  ): Promise<void> {
    if (items.every(({ fileId }, place) => fileId === null || ids[place] === undefined)) return;
    await this.db.inTenant(bot.tenantId, async (tx) => {
      for (const [place, { fileId, type }] of items.entries()) {
        const name = ids[place];
        if (fileId === null || name === undefined) continue;
        await this.files.rememberTelegramFileId(tx, bot.botId, fileId, type, name);
      }
    });
  }

  private api({ token }: Sender) {
    return this.telegram.api(token, 'upload');
  }
}

function itemsOf({ terms }: Product): readonly MediaItem[] {
  const items = terms.paid_media?.items ?? [];
  if (items.length === 0) throw new Error('a product of paid media has none');
  return items;
}

/** Returns the id of the largest size, which comes last (Bot API, PhotoSize). A preview has no id. */
function fileIdOf(shown: PaidMedia): string | undefined {
  if (shown.type === 'photo') return shown.photo.at(-1)?.file_id;
  return shown.type === 'video' ? shown.video.file_id : undefined;
}

const openFileIdOf = ({ photo, video }: Message) => photo?.at(-1)?.file_id ?? video?.file_id;
