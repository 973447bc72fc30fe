import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { newKey } from '../../api/client';
import { Badge, type Tone } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Time } from '../../parts/time';
import { toast } from '../../parts/toast';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { LANGUAGES, type Language, NAMES } from '../../texts/language';
import { chatsOfBotQuery, postProduct, postsQuery, productsChanged } from './queries';
import { useRules } from './rules';

interface Values {
  chat_id: string;
  way: 'button' | 'invoice' | 'paid_media';
  language: Language;
  source: string;
}

const TONES: Readonly<Record<Schema<'ProductPost'>['state'], Tone>> = {
  sending: 'info',
  posted: 'good',
  refused: 'bad',
  unknown: 'warn',
};
const NAMED = /^@/;

interface PostDialogProps {
  readonly product: Schema<'Product'>;
  readonly onClose: () => void;
}

/** Posts a product to a chat in which the bot may write. A retry after an error creates no second post. */
export function PostDialog({ product, onClose }: PostDialogProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  const [key] = useState(newKey);
  const { data: chats = [] } = useQuery(chatsOfBotQuery(product.bot_id));
  const { data: posts = [] } = useQuery(postsQuery(product.id));
  const ways = product.paid_media !== null ? (['paid_media', 'button'] as const) : (['button', 'invoice'] as const);
  const saved = useSavedForm<Values, unknown>({
    defaults: { chat_id: '', way: ways[0], language: 'en', source: '' },
    save: ({ chat_id: chat, source, ...rest }) =>
      postProduct(
        product.id,
        {
          ...rest,
          chat_id: NAMED.test(chat.trim()) ? chat.trim() : Number(chat),
          ...(source.trim() === '' ? {} : { source: source.trim() }),
        },
        key,
      ),
    onSaved: async () => {
      toast(texts.postSent);
      onClose();
      await productsChanged();
    },
  });
  return (
    <Dialog open onClose={onClose} title={texts.postTitle} sentence={texts.postText}>
      <Form {...saved} className="grid gap-4">
        <TextField<Values>
          name="chat_id"
          label={texts.postChat}
          hint={texts.postChatHint}
          placeholder="@channel"
          list="chats-of-bot"
          rules={rules.text(64)}
        />
        <datalist id="chats-of-bot">
          {chats.map(({ id, telegram_id: telegramId, title }) => (
            <option key={id} value={telegramId}>
              {title}
            </option>
          ))}
        </datalist>
        <div className="two">
          <SelectField<Values>
            name="way"
            label={texts.postWay}
            choices={ways.map((value) => ({ value, label: texts.postWays[value] }))}
          />
          <SelectField<Values>
            name="language"
            label={texts.postLanguage}
            choices={LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
          />
        </div>
        <TextField<Values> name="source" label={texts.sourceTag} placeholder={texts.noSource} />
        <div className="acts">
          <Button onClick={onClose}>{texts.keepAsIs}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.post}
          </Button>
        </div>
      </Form>
      {posts.length > 0 && (
        <ul className="list">
          {posts.map((post) => (
            <li key={post.id} className="li min-h-10 py-1">
              <span className="grow cut">{post.chat_title ?? String(post.chat_id)}</span>
              <Badge tone={TONES[post.state]}>{texts.postStates[post.state]}</Badge>
              <span className="sm dim nw">
                <Time at={post.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
