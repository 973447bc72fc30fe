import { useQuery } from '@tanstack/react-query';
import { useFormContext } from 'react-hook-form';
import { fileQuery } from '../../api/files';
import { FilePick } from '../../parts/file-pick';
import { Icon } from '../../parts/icon';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useFormat, useTexts } from '../../texts';
import type { ProductValues } from './product-values';

/** The largest file that a bot can send, in bytes. */
export const MOST_FILE = 50 * 1_048_576;

/** The file that buyers receive. */
export function GoodsFile() {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { bytes } = useFormat();
  const { watch, setValue, register, formState } = useFormContext<ProductValues>();
  const id = watch('file_id');
  const { data: file } = useQuery({ ...fileQuery(id ?? ''), enabled: id !== null });
  register('file_id', { validate: (value, { kind }) => kind !== 'file' || value !== null || texts.chooseFile });
  return (
    <div className="grid gap-2">
      <p className="lab">{texts.file}</p>
      {file !== undefined && (
        <div className="filec">
          <Icon name="file" />
          <span className="grow cut m">{file.name}</span>
          <span className="sm dim nw">{bytes(file.bytes)}</span>
        </div>
      )}
      <FilePick
        label={id === null ? texts.pickFile : texts.replaceFile}
        most={MOST_FILE}
        onUploaded={(uploaded) => setValue('file_id', uploaded.id, { shouldDirty: true, shouldValidate: true })}
      />
      {formState.errors.file_id !== undefined && (
        <p className="sm bad" role="alert">
          {formState.errors.file_id.message}
        </p>
      )}
    </div>
  );
}
