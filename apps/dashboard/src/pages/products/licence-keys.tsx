import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Schema } from '#libs/client';
import { Badge, type Tone } from '../../parts/badge';
import { Button, IconButton } from '../../parts/button';
import { ProblemNote } from '../../parts/problem';
import { toast } from '../../parts/toast';
import { Time } from '../../parts/time';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { checkKeys, MOST_KEYS } from './key-check';
import { addKeyFile, addKeys, keysQuery, productsChanged, removeKey } from './queries';

const TONES: Readonly<Record<Schema<'LicenceKey'>['state'], Tone>> = { free: 'good', sold: 'plain', burned: 'warn' };
const LINES = 5;

interface KeysProps {
  readonly product: Schema<'Product'>;
  readonly canChange: boolean;
}

/** A product's pool of keys. More are added by pasting or from a file. */
export function LicenceKeys({ product, canChange }: KeysProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const { data } = useQuery(keysQuery(product.id));
  const removing = useMutation({
    mutationFn: (keyId: string) => removeKey(product.id, keyId),
    onSuccess: productsChanged,
  });
  return (
    <section className="fs sec">
      <div className="sh mb-0">
        <h2>{texts.keys}</h2>
        <span className="more">{texts.keysLeft(product.stock ?? 0)}</span>
      </div>
      {canChange && <AddKeys id={product.id} />}
      {removing.isError && <ProblemNote error={removing.error} />}
      <ul className="list">
        {data?.data.map((key) => (
          <li key={key.id} className="li min-h-11 py-1">
            <code className="grow cut">…{key.hint}</code>
            <Badge tone={TONES[key.state]}>{texts.keyStates[key.state]}</Badge>
            <span className="sm dim nw hide-s">
              <Time at={key.sold_at ?? key.created_at} />
            </span>
            {canChange && key.state === 'free' && (
              <IconButton
                kind="quiet"
                icon="x"
                label={texts.removeKey(key.hint)}
                onClick={() => removing.mutate(key.id)}
              />
            )}
          </li>
        ))}
      </ul>
      {data?.has_more === true && <p className="sm dim">{texts.latestKeys}</p>}
    </section>
  );
}

function AddKeys({ id }: { readonly id: string }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const field = useId();
  const [text, setText] = useState('');
  const { good, again, tooLong } = checkKeys(text);
  const adding = useMutation({
    mutationFn: (file: File | undefined) => (file === undefined ? addKeys(id, good) : addKeyFile(id, file)),
    onSuccess: async ({ added, duplicates }) => {
      setText('');
      toast(texts.keysAdded(added, duplicates.length));
      await productsChanged();
    },
  });
  const wrong = [
    again.length > 0 && texts.keysTwice(again.length, again.slice(0, LINES).join(', ')),
    tooLong.length > 0 && texts.keysLong(tooLong.slice(0, LINES).join(', ')),
    good.length > MOST_KEYS && texts.keysMany(MOST_KEYS),
  ].filter((line) => line !== false);
  return (
    <div className="grid gap-3">
      <div className="f">
        <label htmlFor={field}>
          {texts.pasteKeys}
          <span className="cnt">{texts.keysCounted(good.length)}</span>
        </label>
        <div className="field">
          <textarea
            id={field}
            rows={4}
            className="mono"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        {wrong.map((line) => (
          <p key={line} className="hint">
            {line}
          </p>
        ))}
      </div>
      {adding.isError && <ProblemNote error={adding.error} />}
      <div className="row flex-wrap">
        <Button
          busy={adding.isPending}
          disabled={good.length === 0 || good.length > MOST_KEYS}
          onClick={() => adding.mutate(undefined)}
        >
          {texts.addKeys(good.length)}
        </Button>
        <label className="btn">
          {texts.keyFile}
          <input
            type="file"
            className="vh"
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file !== undefined) adding.mutate(file);
              event.target.value = '';
            }}
          />
        </label>
      </div>
    </div>
  );
}
