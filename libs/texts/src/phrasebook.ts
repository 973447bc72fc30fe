import type { FieldKind, FieldValues } from './fields.js';
import { counted, usualForms, written } from './format.js';
import { type Language, SPEECH } from './language.js';
import { filled, type TextEntry } from './template.js';
import { type FieldsOf, type OwnKey, TEXTS, type TextKey } from './texts.js';
import { unitKey } from './units.js';

/** The values of a text's placeholders. */
export type Values<Key extends TextKey> = {
  readonly [Field in keyof FieldsOf<Key>]: FieldsOf<Key>[Field] extends FieldKind
    ? FieldValues[FieldsOf<Key>[Field]]
    : never;
};

/** A text in a creator's own words. `productId` (UUID) is null for the whole bot. */
export interface OwnText {
  readonly productId: string | null;
  readonly language: Language;
  readonly key: string;
  readonly text: string;
}

/** All texts that a bot's creator has reworded. */
export class OwnTexts {
  private readonly texts: ReadonlyMap<string, string>;

  constructor(texts: readonly OwnText[] = []) {
    this.texts = new Map(texts.map((own) => [placeOf(own.language, own.key, own.productId), own.text]));
  }

  find(language: Language, key: OwnKey, productId: string | undefined): string | undefined {
    const ofProduct = productId === undefined ? undefined : this.texts.get(placeOf(language, key, productId));
    return ofProduct ?? this.texts.get(placeOf(language, key, null));
  }
}

const placeOf = (language: Language, key: string, productId: string | null) => `${language} ${key} ${productId ?? ''}`;

const NONE = new OwnTexts();

/**
 * The texts for one buyer, in their language: the creator's words for the product, else for the bot, else the defaults.
 */
export class Phrasebook {
  /** @param productId the product that the texts are about; null or undefined for none */
  constructor(
    readonly language: Language,
    private readonly own: OwnTexts = NONE,
    private readonly productId?: string | null,
  ) {}

  /** The same phrasebook for another product. */
  about(productId: string | null): Phrasebook {
    return new Phrasebook(this.language, this.own, productId);
  }

  /** Returns a text in plain form, never longer than Telegram allows at its place. */
  say<Key extends TextKey>(key: Key, ...values: keyof FieldsOf<Key> extends never ? [] : [Values<Key>]): string {
    return this.fill(key, this.templateOf(key), values[0] ?? {});
  }

  /**
   * The offset at which a placeholder's value begins in the text that {@link say} returns for these values, in UTF-16
   * units; undefined when the creator's words omit it.
   */
  offsetOf<Key extends TextKey>(
    key: Key,
    field: keyof FieldsOf<Key> & string,
    values: Values<Key>,
  ): number | undefined {
    const template = this.templateOf(key);
    const at = template.indexOf(`{${field}}`);
    return at < 0 ? undefined : this.fill(key, template.slice(0, at), values).length;
  }

  /** A number in the format of the language. */
  number(n: number): string {
    return written(this.language, 'number', n);
  }

  /** The product's title in this language; `title` when the creator has given no other. */
  title(title: string): string {
    return this.isOwn('product.title') ? this.say('product.title', { title }) : title;
  }

  /** The same for its description. */
  description(description: string): string {
    return this.isOwn('product.description') ? this.say('product.description', { description }) : description;
  }

  /** True when the creator has reworded it in this language. */
  isOwn(key: TextKey): boolean {
    return this.own.find(this.language, key, this.productId ?? undefined) !== undefined;
  }

  private templateOf(key: TextKey): string {
    return this.own.find(this.language, key, this.productId ?? undefined) ?? SPEECH[this.language].words[key];
  }

  private fill(key: TextKey, template: string, given: Readonly<Record<string, FieldValues[FieldKind]>>): string {
    const rule: TextEntry = TEXTS[key];
    return filled(template, rule.place, (name) => {
      const value = this.field(rule.fields[name], given[name]);
      return name === 'title' && key !== 'product.title' && value !== undefined ? this.title(value) : value;
    });
  }

  // The caller's types pair each kind with its value; here only their names are known.
  private field(kind: FieldKind | undefined, value: FieldValues[FieldKind] | undefined): string | undefined {
    if (kind === undefined || value === undefined) return undefined;
    return kind === 'credits'
      ? this.credits(value as FieldValues['credits'])
      : written(this.language, kind, value as never);
  }

  /** `5 scans`, in the creator's words for the unit, else with the unit's own name. */
  private credits({ amount, unit }: FieldValues['credits']): string {
    const form = (which: Parameters<typeof unitKey>[1]) =>
      this.own.find(this.language, unitKey(unit, which), undefined);
    const [other, usual] = [form('other'), usualForms(this.language, unit)];
    return counted(this.language, amount, {
      one: form('one') ?? (other === undefined ? usual.one : undefined),
      few: form('few'),
      many: form('many'),
      other: other ?? usual.other,
    });
  }
}
