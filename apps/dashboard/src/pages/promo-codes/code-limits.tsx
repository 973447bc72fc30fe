import { TextField } from '../../parts/field';
import { fromLocal, toLocal } from '../../parts/local-time';
import { PROMO_TEXTS } from '../../texts/promo-codes';
import { useTexts } from '../../texts';

/** The changeable part of a promo code. Times are in the format of the browser's field. */
export interface LimitValues {
  max_uses?: number | undefined;
  max_uses_per_buyer?: number | undefined;
  starts_at: string;
  ends_at: string;
}

interface Limited {
  readonly max_uses: number | null;
  readonly max_uses_per_buyer: number | null;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
}

export const NO_LIMITS: LimitValues = { starts_at: '', ends_at: '' };

export const limitsOf = (code: Limited): LimitValues => ({
  max_uses: code.max_uses ?? undefined,
  max_uses_per_buyer: code.max_uses_per_buyer ?? undefined,
  starts_at: toLocal(code.starts_at),
  ends_at: toLocal(code.ends_at),
});

export const bodyOf = (values: LimitValues): Limited => ({
  max_uses: values.max_uses ?? null,
  max_uses_per_buyer: values.max_uses_per_buyer ?? null,
  starts_at: fromLocal(values.starts_at),
  ends_at: fromLocal(values.ends_at),
});

export function CodeLimits() {
  const texts = useTexts(PROMO_TEXTS);
  const isLimit = (value: unknown) =>
    value === undefined || (Number.isInteger(value) && Number(value) > 0) || texts.wholeOrNothing;
  return (
    <>
      <div className="two">
        <TextField<LimitValues>
          name="max_uses"
          label={texts.maxUses}
          placeholder={texts.noLimit}
          whole
          rules={{ validate: isLimit }}
        />
        <TextField<LimitValues>
          name="max_uses_per_buyer"
          label={texts.perBuyer}
          placeholder={texts.noLimit}
          whole
          rules={{ validate: isLimit }}
        />
      </div>
      <div className="two dates">
        <TextField<LimitValues> name="starts_at" label={texts.starts} type="datetime-local" />
        <TextField<LimitValues> name="ends_at" label={texts.ends} type="datetime-local" />
      </div>
    </>
  );
}
