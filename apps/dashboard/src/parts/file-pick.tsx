import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useId, useState } from 'react';
import type { Schema } from '#libs/client';
import { uploadFile } from '../api/files';
import { COMMON_TEXTS } from '../texts/common';
import { useTexts } from '../texts';
import { Icon } from './icon';
import { ProblemNote } from './problem';

interface FilePickProps {
  readonly label: string;
  readonly accept?: string;
  /** Bytes. Checked before the upload. */
  readonly most: number;
  readonly onUploaded: (file: Schema<'File'>) => void;
}

const MEBI = 1_048_576;

/** Accepts a file by click or drop, and uploads it at once. */
export function FilePick({ label, accept, most, onUploaded }: FilePickProps) {
  const texts = useTexts(COMMON_TEXTS);
  const id = useId();
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const uploading = useMutation({ mutationFn: uploadFile, onSuccess: onUploaded });
  const take = (file: File | undefined) => {
    if (file === undefined || uploading.isPending) return;
    setTooLarge(file.size > most);
    if (file.size <= most) uploading.mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-2">
      <label
        className={over ? 'pick over' : 'pick'}
        htmlFor={id}
        aria-busy={uploading.isPending}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {uploading.isPending ? <span className="spin" aria-hidden="true" /> : <Icon name="up" />}
        <span className="m">{uploading.isPending ? texts.uploading : label}</span>
        <span className="sm dim">{texts.atMostMebi(Math.floor(most / MEBI))}</span>
        <input
          id={id}
          type="file"
          className="vh"
          accept={accept}
          disabled={uploading.isPending}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </label>
      {tooLarge && (
        <p className="sm bad" role="alert">
          {texts.tooLarge(Math.floor(most / MEBI))}
        </p>
      )}
      {uploading.isError && <ProblemNote error={uploading.error} />}
    </div>
  );
}
