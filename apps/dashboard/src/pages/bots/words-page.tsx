import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '#libs/client';
import { useCan } from '../../api/rights';
import { Badge } from '../../parts/badge';
import { Button } from '../../parts/button';
import { Dialog } from '../../parts/dialog';
import { TextArea } from '../../parts/field';
import { Form, useSavedForm } from '../../parts/form';
import { Page } from '../../parts/page';
import { ProblemPage } from '../../parts/problem';
import { SearchBox } from '../../parts/search-box';
import { Empty, Skeleton } from '../../parts/states';
import { toast } from '../../parts/toast';
import { useLanguage, useTexts } from '../../texts';
import { COMMON_TEXTS } from '../../texts/common';
import { LANGUAGES, type Language, NAMES } from '../../texts/language';
import { WORDS_TEXTS } from '../../texts/words';
import { dropWords, keepWords, usualWordsQuery, wordsChanged, wordsOfBotQuery } from './words';

type Text = Schema<'Text'>;
type Own = Readonly<Record<string, Partial<Record<Language, string>> | undefined>>;

/** Lists every text that a bot sends to buyers, and lets the creator reword it. */
export function WordsPage() {
  const texts = useTexts(WORDS_TEXTS);
  const { language } = useLanguage();
  const { id } = useParams({ from: '/shell/bots/$id/words' });
  const usual = useQuery(usualWordsQuery);
  const own = useQuery(wordsOfBotQuery(id));
  const [search, setSearch] = useState('');
  const [changing, setChanging] = useState<Text>();
  const error = usual.error ?? own.error;
  const retry = () => void Promise.all([usual.refetch(), own.refetch()]);
  const ownWords = ownOf(own.data ?? []);
  const wordsOf = ({ key, usual: both }: Text) => ownWords[key]?.[language] ?? both[language];
  const shown = usual.data
    ?.filter(({ scope }) => scope !== 'product')
    .filter((text) => `${text.key} ${wordsOf(text)}`.toLowerCase().includes(search.trim().toLowerCase()));
  const isKnown = shown !== undefined && own.data !== undefined;
  return (
    <Page title={texts.title} back={{ to: '/bots/$id', params: { id }, label: texts.back }} width="read">
      <p className="mut py-4 max-w-[70ch]">{texts.text}</p>
      <div className="filters">
        <SearchBox label={texts.search} hint={texts.search} value={search} isLocal onSearch={setSearch} />
      </div>
      {!isKnown && (error === null ? <Skeleton /> : <ProblemPage error={error} retry={retry} />)}
      {isKnown && shown.length === 0 && <Empty title={texts.noneTitle} text={texts.noneText} />}
      {isKnown && (
        <ul className="list">
          {shown.map((text) => (
            <li key={text.key}>
              <button type="button" className="li min-h-12 w-full text-left" onClick={() => setChanging(text)}>
                <span className="grow min-w-0">
                  <span className="cut block">{wordsOf(text)}</span>
                  <span className="sm dim cut block">
                    <code>{text.key}</code>
                  </span>
                </span>
                {ownWords[text.key] !== undefined && <Badge tone="info">{texts.own}</Badge>}
              </button>
            </li>
          ))}
        </ul>
      )}
      {changing !== undefined && (
        <WordsDialog
          botId={id}
          text={changing}
          own={ownWords[changing.key] ?? {}}
          onClose={() => setChanging(undefined)}
        />
      )}
    </Page>
  );
}

function ownOf(words: readonly Schema<'BotText'>[]): Own {
  const own: Record<string, Partial<Record<Language, string>>> = {};
  for (const { key, language, text, product_id: product } of words)
    if (product === null) own[key] = { ...own[key], [language]: text };
  return own;
}

type Values = Record<Language, string>;

interface WordsDialogProps {
  readonly botId: string;
  readonly text: Text;
  readonly own: Partial<Values>;
  readonly onClose: () => void;
}

function WordsDialog({ botId, text, own, onClose }: WordsDialogProps) {
  const texts = useTexts(WORDS_TEXTS);
  const common = useTexts(COMMON_TEXTS);
  const can = useCan();
  const saved = useSavedForm<Values, unknown>({
    defaults: { en: own.en ?? '', ru: own.ru ?? '' },
    save: async (values) => {
      for (const language of LANGUAGES) {
        const [now, before] = [values[language].trim(), own[language] ?? ''];
        const place = { botId, key: text.key, language };
        if (now === before) continue;
        await (now === '' ? dropWords(place) : keepWords(place, now));
      }
    },
    onSaved: async () => {
      onClose();
      toast(common.saved);
      await wordsChanged(botId);
    },
  });
  const fields = text.placeholders.map((one) => `{${one}}`).join(' ');
  return (
    <Dialog open onClose={onClose} title={texts.change} sentence={text.about}>
      <Form {...saved} className="grid gap-4">
        {fields !== '' && (
          <p className="sm">
            {texts.placeholders} <code>{fields}</code>
          </p>
        )}
        {LANGUAGES.map((language) => (
          <TextArea<Values>
            key={language}
            name={language}
            label={NAMES[language]}
            placeholder={text.usual[language]}
            most={text.max_length}
            maxLength={text.max_length}
            readOnly={!can('bots:write')}
          />
        ))}
        <p className="sm dim">{texts.emptyIsUsual}</p>
        <div className="acts">
          <Button onClick={onClose}>{common.cancel}</Button>
          {can('bots:write') && (
            <Button type="submit" kind="primary" busy={saved.saving.isPending}>
              {texts.save}
            </Button>
          )}
        </div>
      </Form>
    </Dialog>
  );
}
