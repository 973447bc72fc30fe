import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answered } from '#libs/client';
import { api } from './client';

/** A multipart body with the single file that the API accepts, and a text before it. */
export const asForm = (file: File, text = '') => ({
  body: { file: file.name },
  bodySerializer: () => {
    const form = new FormData();
    if (text !== '') form.append('text', text);
    form.append('file', file);
    return form;
  },
});

/** Uploads a file to the workspace, not attached to anything yet. */
export const uploadFile = (file: File) => answered(api.POST('/v1/files', asForm(file)));

export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ['files', id],
    queryFn: () => answered(api.GET('/v1/files/{id}', { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The content of a file of the workspace. */
const contentQuery = (id: string) =>
  queryOptions({
    queryKey: ['files', id, 'content'],
    queryFn: async () =>
      (await answered(api.GET('/v1/files/{id}/content', { params: { path: { id } }, parseAs: 'blob' }))) as Blob,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** An object URL for data in memory; undefined while there is none. */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (blob === undefined) return;
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [blob]);
  return url;
}

/** An image of the workspace, for an `<img>`. */
export function usePicture(fileId: string | null): string | undefined {
  const { data } = useQuery({ ...contentQuery(fileId ?? ''), enabled: fileId !== null });
  return useBlobUrl(fileId === null ? undefined : data);
}

/** Saves a file through the browser's downloads. */
export function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
