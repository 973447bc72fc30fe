import { useQuery } from '@tanstack/react-query';
import type { UseFormReturn } from 'react-hook-form';
import type { Schema } from '#libs/client';
import { botsQuery } from '../../api/everywhere';
import { usePicture } from '../../api/files';
import { CheckField } from '../../parts/check-field';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { Icon } from '../../parts/icon';
import { StarSign } from '../../parts/stars';
import { Chat, InvoiceCard } from '../../parts/telegram';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useFormat, useTexts } from '../../texts';
import { KindChoice } from './kind-choice';
import { KINDS } from './kinds';
import { PhotoField } from './photo-field';
import { PriceHistory } from './price-history';
import type { ProductValues } from './product-values';
import { useRules } from './rules';

const TITLE = 32;
const DESCRIPTION = 255;

interface EditorProps {
  readonly form: UseFormReturn<ProductValues>;
  /** The saved product; undefined for a new one. */
  readonly product?: Schema<'Product'>;
}

export function ProductEditor({ form, product }: EditorProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { number } = useFormat();
  const rules = useRules();
  const [kind, stars, botId] = form.watch(['kind', 'stars', 'bot_id']);
  const isNew = product === undefined;
  const saved = product?.stars;
  return (
    <>
      <details className="pv">
        <summary className="btn full">
          <Icon name="eye" />
          {texts.seeAsBuyer}
        </summary>
        <div className="mt-3">
          <LiveCard form={form} />
        </div>
      </details>
      <section className="fs">
        <h2>{texts.promise}</h2>
        {isNew && <BotChoice />}
        <TextField<ProductValues> name="title" label={texts.titleField} most={TITLE} rules={rules.text(TITLE)} />
        <TextArea<ProductValues>
          name="description"
          label={texts.description}
          hint={texts.descriptionHint}
          most={DESCRIPTION}
          rules={rules.text(DESCRIPTION)}
        />
        <PhotoField />
      </section>
      <section className="fs sec">
        <h2>{texts.priceSection}</h2>
        <div className="max-w-60">
          <TextField<ProductValues>
            name="stars"
            label={texts.stars}
            whole
            rules={rules.stars(KINDS[kind].free ? 0 : 1)}
            before={
              <span className="st">
                <StarSign />
              </span>
            }
            after={
              saved !== undefined && saved !== stars && <span className="sm dim nw">{texts.was(number(saved))}</span>
            }
          />
        </div>
        {product !== undefined && <PriceHistory id={product.id} typed={stars} />}
      </section>
      <section className="fs sec">
        <h2>{texts.receives}</h2>
        {isNew ? <KindChoice /> : <p className="mut sm">{texts.kinds[kind].line}</p>}
        {KINDS[kind].fields({ isNew, botId })}
      </section>
      <Limits form={form} />
    </>
  );
}

/** The sale's dates and limits, and the product's position in the shop. */
function Limits({ form }: Pick<EditorProps, 'form'>) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const rules = useRules();
  const kind = form.watch('kind');
  return (
    <section className="fs sec">
      <h2>{texts.limits}</h2>
      <div className="two">
        {KINDS[kind].stock !== false && (
          <TextField<ProductValues>
            name="stock"
            label={texts.inStock}
            placeholder={texts.noLimit}
            whole
            rules={rules.limit}
          />
        )}
        {KINDS[kind].limit !== false && (
          <TextField<ProductValues>
            name="limit_per_buyer"
            label={texts.perBuyer}
            placeholder={texts.noLimit}
            whole
            rules={rules.limit}
          />
        )}
        <TextField<ProductValues> name="sale_starts_at" label={texts.saleStarts} type="datetime-local" />
        <TextField<ProductValues> name="sale_ends_at" label={texts.saleEnds} type="datetime-local" />
        <TextField<ProductValues> name="tags" label={texts.tags} placeholder={texts.noTags} hint={texts.tagsHint} />
        <TextField<ProductValues>
          name="position"
          label={texts.position}
          placeholder="0"
          hint={texts.positionHint}
          whole
          rules={rules.place}
        />
      </div>
      <CheckField<ProductValues> name="hidden" label={texts.hide} hint={texts.hideText} />
    </section>
  );
}

function BotChoice() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data: bots = [] } = useQuery(botsQuery);
  if (bots.length < 2) return null;
  const choices = bots.map(({ id, name }) => ({ value: id, label: name }));
  return <SelectField<ProductValues> name="bot_id" label={texts.bot} choices={choices} />;
}

/** The card as it will be, while it is typed. */
export function LiveCard({ form }: Pick<EditorProps, 'form'>) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [title, description, stars, photo] = form.watch(['title', 'description', 'stars', 'photo_file_id']);
  const picture = usePicture(photo);
  return (
    <Chat label={texts.asTelegramShows}>
      <InvoiceCard title={title} description={description} stars={Number(stars) || 0} picture={picture} />
    </Chat>
  );
}
