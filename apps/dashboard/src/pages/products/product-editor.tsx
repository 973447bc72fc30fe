import { useQuery } from '@tanstack/react-query';
import type { UseFormReturn } from 'react-hook-form';
import { botsQuery } from '../../api/everywhere';
import { SelectField, TextArea, TextField } from '../../parts/field';
import { Icon, type IconName } from '../../parts/icon';
import { StarSign } from '../../parts/stars';
import { Chat, InvoiceCard } from '../../parts/telegram';
import { useFormat, useTexts } from '../../texts';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { isWritten, type ProductValues, WRITTEN_KINDS, type WrittenKind } from './product-form';

const ICONS: Readonly<Record<WrittenKind, IconName>> = { text: 'text', link: 'link' };
const TITLE = 32;
const DESCRIPTION = 255;
const CONTENT = 4_096;

interface EditorProps {
  readonly form: UseFormReturn<ProductValues>;
  /** The price that buyers pay now, where there is one. */
  readonly currentStars?: number;
  readonly isNew: boolean;
}

/** Rules that the page can judge by itself; the API judges again. */
function useRules() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const isWhole = (value: unknown) => value === undefined || Number.isInteger(value);
  return {
    text: (most: number) => ({ required: texts.required, maxLength: { value: most, message: texts.tooLong(most) } }),
    stars: { validate: (value: unknown) => (Number.isInteger(value) && Number(value) >= 1) || texts.wholeStars },
    limit: { validate: (value: unknown) => isWhole(value) || texts.wholeOrNothing },
  };
}

export function ProductEditor({ form, currentStars, isNew }: EditorProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { number } = useFormat();
  const rules = useRules();
  const [kind, stars] = form.watch(['kind', 'stars']);
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
      </section>
      <section className="fs sec">
        <h2>{texts.priceSection}</h2>
        <div className="max-w-60">
          <TextField<ProductValues>
            name="stars"
            label={texts.stars}
            whole
            rules={rules.stars}
            before={
              <span className="st">
                <StarSign />
              </span>
            }
            after={
              currentStars !== undefined &&
              currentStars !== stars && <span className="sm dim nw">{texts.was(number(currentStars))}</span>
            }
          />
        </div>
      </section>
      <section className="fs sec">
        <h2>{texts.receives}</h2>
        {isNew && <KindChoice form={form} />}
        {isWritten(kind) ? (
          <TextArea<ProductValues>
            name="content"
            label={texts[kind]}
            hint={kind === 'text' ? texts.textHint : texts.linkHint}
            rows={kind === 'text' ? 4 : 1}
            most={CONTENT}
            rules={rules.text(CONTENT)}
          />
        ) : (
          <p className="mut sm">
            {texts.kinds[kind]}. {texts.otherKind}
          </p>
        )}
      </section>
      <section className="fs sec">
        <h2>{texts.limits}</h2>
        <div className="two">
          <TextField<ProductValues>
            name="stock"
            label={texts.inStock}
            placeholder={texts.noLimit}
            whole
            rules={rules.limit}
          />
          <TextField<ProductValues>
            name="limit_per_buyer"
            label={texts.perBuyer}
            placeholder={texts.noLimit}
            whole
            rules={rules.limit}
          />
        </div>
        <label className="chk">
          <input type="checkbox" className="tick" {...form.register('hidden')} />
          <span>
            <span className="m">{texts.hide}</span>
            <br />
            <span className="sm dim">{texts.hideText}</span>
          </span>
        </label>
      </section>
    </>
  );
}

function BotChoice() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data: bots = [] } = useQuery(botsQuery);
  if (bots.length < 2) return null;
  const choices = bots.map(({ id, name }) => ({ value: id, label: name }));
  return <SelectField<ProductValues> name="bot_id" label={texts.bot} choices={choices} />;
}

function KindChoice({ form }: Pick<EditorProps, 'form'>) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const kind = form.watch('kind');
  return (
    <div className="kinds" role="radiogroup" aria-label={texts.receives}>
      {WRITTEN_KINDS.map((one) => (
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={one === kind}
          onClick={() => form.setValue('kind', one, { shouldDirty: true })}
        >
          <Icon name={ICONS[one]} />
          <span>{texts.kinds[one]}</span>
        </button>
      ))}
    </div>
  );
}

/** The card as it will be, while it is typed. */
export function LiveCard({ form }: Pick<EditorProps, 'form'>) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [title, description, stars] = form.watch(['title', 'description', 'stars']);
  return (
    <Chat label={texts.asTelegramShows}>
      <InvoiceCard title={title} description={description} stars={Number(stars) || 0} />
    </Chat>
  );
}
