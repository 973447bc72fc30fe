import { useQuery } from '@tanstack/react-query';
import { useFormContext } from 'react-hook-form';
import type { Schema } from '#libs/client';
import { fileQuery, usePicture } from '../../api/files';
import { IconButton } from '../../parts/button';
import { FilePick } from '../../parts/file-pick';
import { Icon } from '../../parts/icon';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { MOST_FILE } from './goods-file';
import type { MediaItem, ProductValues } from './product-values';

const MOST_ITEMS = 10;

/** Photos and videos that Telegram blurs until they are paid, in order of display. */
export function MediaFields() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { watch, setValue, register, formState } = useFormContext<ProductValues>();
  const items = watch('paid_media.items');
  register('paid_media.items', {
    validate: (value, { kind }) => kind !== 'paid_media' || value.length > 0 || texts.chooseMedia,
  });
  const show = (next: MediaItem[]) => setValue('paid_media.items', next, { shouldDirty: true, shouldValidate: true });
  const add = ({ id, mime }: Schema<'File'>) =>
    show([...items, { type: mime.startsWith('video/') ? 'video' : 'photo', file_id: id }]);
  const error = formState.errors.paid_media?.items;
  return (
    <div className="grid gap-2">
      <p className="lab">{texts.media}</p>
      <ul className="grid gap-2">
        {items.map((item, n) => (
          <li key={`${item.file_id ?? item.telegram_file_id ?? ''} ${String(n)}`} className="filec">
            <Medium item={item} />
            <IconButton
              kind="quiet"
              icon="x"
              label={texts.removeMedium(n + 1)}
              onClick={() => show(items.toSpliced(n, 1))}
            />
          </li>
        ))}
      </ul>
      {items.length < MOST_ITEMS && (
        <FilePick label={texts.pickMedia} accept="image/*,video/*" most={MOST_FILE} onUploaded={add} />
      )}
      {error !== undefined && (
        <p className="sm bad" role="alert">
          {error.message}
        </p>
      )}
    </div>
  );
}

function Medium({ item }: { readonly item: MediaItem }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const id = item.file_id ?? null;
  const { data: file } = useQuery({ ...fileQuery(id ?? ''), enabled: id !== null });
  const picture = usePicture(item.type === 'photo' ? id : null);
  return (
    <>
      {picture === undefined ? <Icon name="image" /> : <img className="ph-th" src={picture} alt="" />}
      <span className="grow cut m">{file?.name ?? texts.fromTelegram}</span>
      <span className="sm dim nw">{texts.mediaTypes[item.type]}</span>
    </>
  );
}
