import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { SelectField, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { COMMON_TEXTS } from '../../texts/common';
import { PROMO_TEXTS } from '../../texts/promo-codes';
import { useTexts } from '../../texts';
import { bodyOf, CodeLimits, type LimitValues, NO_LIMITS } from './code-limits';
import { createCode, productsOfBotQuery } from './queries';

const KINDS = ['percent', 'stars'] as const;

interface Values extends LimitValues {
  bot_id: string;
  product_id: string;
  code: string;
  kind: (typeof KINDS)[number];
  off?: number | undefined;
}

const MOST = { percent: 100, stars: 1_000_000 };
const CODE = 32;

interface NewCodeProps {
  readonly bots: readonly Schema<'Bot'>[];
  readonly onClose: () => void;
  readonly onMade: (code: Schema<'PromoCode'>) => unknown;
}

/** A new promo code. Its discount cannot be changed later. */
export function NewCode({ bots, onClose, onMade }: NewCodeProps) {
  const texts = useTexts(PROMO_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const saved = useSavedForm<Values, Schema<'PromoCode'>>({
    defaults: { ...NO_LIMITS, bot_id: bots[0]?.id ?? '', product_id: '', code: '', kind: 'percent' },
    save: ({ bot_id, product_id, code, kind, off = 0, ...limits }) =>
      createCode({
        bot_id,
        code: code.trim(),
        ...(kind === 'percent' ? { percent_off: off } : { stars_off: off }),
        ...(product_id === '' ? {} : { product_id }),
        ...bodyOf(limits),
      }),
    onSaved: onMade,
  });
  const [botId, kind] = saved.form.watch(['bot_id', 'kind']);
  const { data: products = [] } = useQuery(productsOfBotQuery(botId));
  const isDiscount = (value: unknown, { kind: by }: Values) =>
    (Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST[by]) || texts.offRule(MOST[by]);
  return (
    <Dialog open onClose={onClose} title={texts.add} sentence={texts.addText}>
      <Form {...saved} className="grid gap-4">
        {bots.length > 1 && (
          <SelectField<Values>
            name="bot_id"
            label={texts.bot}
            choices={bots.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <TextField<Values>
          name="code"
          label={texts.code}
          hint={texts.codeHint}
          most={CODE}
          maxLength={CODE}
          autoCapitalize="characters"
          rules={{ required: texts.fillIn }}
        />
        <div className="two">
          <TextField<Values> name="off" label={texts.off} whole rules={{ validate: isDiscount as never }} />
          <SelectField<Values>
            name="kind"
            label={texts.unit}
            choices={KINDS.map((value) => ({ value, label: texts.units[value] }))}
          />
        </div>
        {kind === 'stars' && <p className="hint">{texts.leastPrice}</p>}
        <SelectField<Values>
          name="product_id"
          label={texts.product}
          choices={[
            { value: '', label: texts.allProducts },
            ...products.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
        <CodeLimits />
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" kind="primary" busy={saved.saving.isPending}>
            {texts.create}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
