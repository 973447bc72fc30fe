import { useFormContext } from 'react-hook-form';
import { Icon, type IconName } from '../../parts/icon';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { type Kind, KINDS, type ProductValues } from './product-values';

const KIND_ICONS: Readonly<Record<Kind, IconName>> = {
  text: 'text',
  link: 'link',
  file: 'file',
  credits: 'credits',
  callback: 'report',
  licence_key: 'key',
  subscription: 'subs',
  paid_media: 'image',
  paid_command: 'slash',
  chat_access: 'lock',
};

export function KindChoice() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { watch, setValue } = useFormContext<ProductValues>();
  const kind = watch('kind');
  return (
    <>
      <div className="kinds" role="radiogroup" aria-label={texts.receives}>
        {KINDS.map((one) => (
          <button
            key={one}
            type="button"
            role="radio"
            aria-checked={one === kind}
            onClick={() => setValue('kind', one, { shouldDirty: true })}
          >
            <Icon name={KIND_ICONS[one]} />
            <span>{texts.kinds[one]}</span>
          </button>
        ))}
      </div>
      <p className="mut sm">{texts.kindLines[kind]}</p>
    </>
  );
}
