import { z } from 'zod';
import {
  type Language,
  LANGUAGES,
  PLACES,
  scopeOf,
  SPEECH,
  TEXT_KEYS,
  TEXTS,
  type TextEntry,
  type TextKey,
  UNIT_KEY,
} from '#libs/texts';
import { idOf, listOf, listQuery } from '../../http/schema.js';
import { botTextSchema } from '#libs/tenants';
import { type Shown } from '#libs/kernel';

export const languageParameter = z.enum(LANGUAGES);
export const keyParameter = z.union([
  z.enum(TEXT_KEYS as [TextKey, ...TextKey[]]),
  z
    .templateLiteral(['unit.', z.string(), '.', z.enum(['one', 'few', 'many', 'other'])])
    .refine((key) => UNIT_KEY.test(key), { error: 'must be unit.<unit>.<one, few, many or other>' }),
]);

const ofProduct = idOf('product')
  .optional()
  .describe(
    'For this product only; omit it for the whole bot. `scope` in GET /v1/texts says which of them is possible.',
  );

export const putTextSchema = z
  .strictObject({
    text: z.string().min(1).max(8_192).describe('Plain text. Its limit and its placeholders are in GET /v1/texts.'),
    product_id: ofProduct,
  })
  .meta({ id: 'PutBotText' });
export type PutText = z.output<typeof putTextSchema>;

export const textPlaceQuery = z.strictObject({ product_id: ofProduct });
export type TextPlaceQuery = z.output<typeof textPlaceQuery>;

export const listBotTextsSchema = listQuery('botText', {
  product_id: idOf('product').optional(),
  language: z.enum(LANGUAGES).optional(),
});
export type ListBotTexts = z.output<typeof listBotTextsSchema>;

export const botTextListSchema = listOf(botTextSchema).meta({ id: 'BotTextList' });

const inEveryLanguage = <Value>(of: (language: Language) => Value) =>
  Object.fromEntries(LANGUAGES.map((language) => [language, of(language)])) as Record<Language, Value>;

export const textSchema = z
  .object({
    object: z.literal('text'),
    key: z.string(),
    about: z.string().describe('The occasion on which buyers read it.'),
    max_length: z.int().describe('UTF-16 units, including the values of placeholders: longer texts are cut.'),
    placeholders: z.array(z.string()),
    scope: z
      .enum(['bot', 'product', 'both'])
      .describe('Where it can be reworded: for the whole bot, for one product (with `product_id`), or either.'),
    usual: z.object(inEveryLanguage(() => z.string())).describe('The default wording.'),
  })
  .meta({ id: 'Text' });

export const textListSchema = listOf(textSchema).meta({ id: 'TextList' });

/** Every text that a buyer can read. */
export function allTexts(): Shown<typeof textListSchema> {
  const data = TEXT_KEYS.map((key) => {
    const { about, place, fields }: TextEntry = TEXTS[key];
    const placeholders = Object.keys(fields).map((name) => `{${name}}`);
    const usual = inEveryLanguage((language) => SPEECH[language].words[key]);
    return {
      object: 'text' as const,
      key,
      about,
      max_length: PLACES[place].max,
      placeholders,
      scope: scopeOf(key),
      usual,
    };
  });
  return { object: 'list', data, has_more: false };
}
