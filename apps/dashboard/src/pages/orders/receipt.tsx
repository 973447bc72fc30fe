import { useQuery } from '@tanstack/react-query';
import type { Schema } from '#libs/client';
import { HOME_LANGUAGE, LANGUAGES, type Language } from '../../texts/language';
import { formatsOf } from '../../texts/format';
import { usualWordsQuery, wordsOfBotQuery } from '../bots/words';

interface ReceiptProps {
  readonly order: Schema<'OrderDetails'>;
  readonly title: string;
}

const LINES = ['receipt.heading', 'receipt.paid', 'receipt.order', 'receipt.help'] as const;

/**
 * Returns the language in which the bot addresses a person: that of their app if it is supported, otherwise English.
 */
const languageOf = (code: string | null | undefined): Language =>
  LANGUAGES.find((one) => code?.startsWith(one) === true) ?? HOME_LANGUAGE;

/** The receipt in the chat, in the buyer's language and the creator's own words, if there are any. */
export function Receipt({ order, title }: ReceiptProps) {
  const buyer: Schema<'Buyer'> | undefined = order.buyer;
  const language = languageOf(buyer?.language_code);
  const format = formatsOf(language);
  const { data: usual = [] } = useQuery(usualWordsQuery);
  const { data: own = [] } = useQuery(wordsOfBotQuery(order.bot_id));
  if (order.paid_at === null || usual.length === 0) return null;
  const filled: Readonly<Record<string, string>> = {
    title,
    stars: format.stars(order.stars),
    paid_at: format.inUtc(order.paid_at),
    order: order.id,
  };
  const wordOf = (key: (typeof LINES)[number]) => {
    const ours = own.filter((one) => one.key === key && one.language === language);
    const ofProduct = ours.find(({ product_id: product }) => product === order.product_id);
    const words = ofProduct ?? ours.find(({ product_id: product }) => product === null);
    return words?.text ?? usual.find((one) => one.key === key)?.usual[language] ?? '';
  };
  const lines = LINES.map((key) => wordOf(key).replaceAll(/\{(\w+)\}/g, (_, name: string) => filled[name] ?? ''));
  const [heading, ...rest] = lines;
  return (
    <div className="bub" lang={language}>
      <p className="b">{heading}</p>
      {rest.map((line, n) => (
        <p key={line} className={n === rest.length - 1 ? 'mt-4' : undefined}>
          {line}
        </p>
      ))}
      <time>{formatsOf(language).clock(order.paid_at)}</time>
    </div>
  );
}
