import { useFormContext } from 'react-hook-form';
import { usePicture } from '../../api/files';
import { Button } from '../../parts/button';
import { FilePick } from '../../parts/file-pick';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import type { ProductValues } from './product-values';

const MOST_PHOTO = 10 * 1_048_576;

/** The photo on the card in the bot. */
export function PhotoField() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { watch, setValue } = useFormContext<ProductValues>();
  const id = watch('photo_file_id');
  const picture = usePicture(id);
  const set = (next: string | null) => setValue('photo_file_id', next, { shouldDirty: true });
  return (
    <div className="grid gap-2">
      <p className="lab">{texts.photo}</p>
      {picture !== undefined && (
        <div className="row gap-4">
          <img className="ph-th" src={picture} alt={texts.photo} />
          <Button size="small" onClick={() => set(null)}>
            {texts.removePhoto}
          </Button>
        </div>
      )}
      <FilePick
        label={id === null ? texts.pickPhoto : texts.replacePhoto}
        accept="image/jpeg,image/png,image/webp"
        most={MOST_PHOTO}
        onUploaded={(file) => set(file.id)}
      />
    </div>
  );
}
