import { useFormContext } from 'react-hook-form';
import { Icon } from '../../parts/icon';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { KINDS } from './kinds';
import type { Kind, ProductValues } from './product-values';

const NAMES = Object.keys(KINDS) as Kind[];

export function KindChoice() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { watch, setValue } = useFormContext<ProductValues>();
  const kind = watch('kind');
  return (
    <>
      <div className="kinds" role="radiogroup" aria-label={texts.receives}>
        {NAMES.map((one) => (
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={one === kind}
            onClick={() => setValue('kind', one, { shouldDirty: true })}
          >
            <Icon name={KINDS[one].icon} />
            <span>{texts.kinds[one].name}</span>
          </button>
        ))}
      </div>
      <p className="mut sm">{texts.kinds[kind].line}</p>
    </>
  );
}
