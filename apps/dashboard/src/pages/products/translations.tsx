import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { Button } from '../../parts/button';
import { TextArea, TextField } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Segments } from '../../parts/segments';
import { toast } from '../../parts/toast';
import { COMMON_TEXTS } from '../../texts/common';
import { LANGUAGES, type Language, NAMES } from '../../texts/language';
import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';
import { dropWords, keepWords, wordsChanged, wordsQuery } from '../bots/words';
import { useRules } from './rules';

interface Words {
  title: string;
  description: string;
}

const KEYS = { title: 'product.title', description: 'product.description' } as const;
const FIELDS = ['title', 'description'] as const;

/** Title and description for buyers by the language of their app. If there are none, the default ones are shown. */
export function Translations({ product }: { readonly product: Schema<'Product'> }) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const [language, setLanguage] = useState<Language>('ru');
  const { data: words } = useQuery(wordsQuery(product.bot_id, product.id));
  const wordOf = (key: string) => words?.find((one) => one.language === language && one.key === key)?.text ?? '';
  return (
    <section className="fs sec">
      <div className="sh mb-0">
        <h2>{texts.languages}</h2>
        <Segments
          label={texts.languages}
          className="ml-auto"
          value={language}
          choices={LANGUAGES.map((one) => ({ value: one, label: NAMES[one] }))}
          onChoose={setLanguage}
        />
      </div>
      <p className="sm mut">{texts.languagesText}</p>
      {words !== undefined && (
        <Translation
          key={`${language} ${wordOf(KEYS.title)} ${wordOf(KEYS.description)}`}
          product={product}
          language={language}
          before={{ title: wordOf(KEYS.title), description: wordOf(KEYS.description) }}
        />
      )}
    </section>
  );
}

interface TranslationProps {
  readonly product: Schema<'Product'>;
  readonly language: Language;
  readonly before: Words;
}

function Translation({ product, language, before }: TranslationProps) {
  const texts = useTexts(PRODUCTS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const { text } = useRules();
  const fits = (most: number) => ({ maxLength: text(most).maxLength });
  const save = async (values: Words) => {
    for (const field of FIELDS) {
      const next = values[field].trim();
      const place = { botId: product.bot_id, productId: product.id, language, key: KEYS[field] };
      if (next === before[field]) continue;
      await (next === '' ? dropWords(place) : keepWords(place, next));
    }
  };
  const saved = useSavedForm<Words, void>({
    defaults: before,
    save,
    onSaved: async () => {
      await wordsChanged(product.bot_id);
      toast(common.saved);
    },
  });
  return (
    <Form {...saved} className="grid gap-4">
      <TextField<Words> name="title" label={texts.titleField} most={32} placeholder={product.title} rules={fits(32)} />
      <TextArea<Words>
        name="description"
        label={texts.description}
        most={255}
        placeholder={product.description}
        rules={fits(255)}
      />
      <Button
        type="submit"
        className="justify-self-start"
        disabled={!saved.form.formState.isDirty}
        busy={saved.saving.isPending}
      >
        {texts.saveWords(NAMES[language])}
      </Button>
    </Form>
  );
}
