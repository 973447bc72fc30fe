import { z } from 'zod';
import { MAX_LOW_STOCK, type ProductTerms, type TermsByKind, type TermsInput, type TermsKind } from '#libs/catalog';

/** How the API takes and shows what only one kind of product has, as an object that is named after the kind. */
interface TermsFields<Said, Terms, Fields extends z.ZodObject, View extends z.ZodObject> {
  /** What a creator may say. A change may leave out each of it. */
  readonly fields: Fields;
  readonly view: View;
  readonly read: (body: Partial<z.output<Fields>>) => Said;
  readonly show: (terms: Terms) => z.input<View>;
}

const termsFields = <Kind extends TermsKind, Fields extends z.ZodObject, View extends z.ZodObject>(
  _: Kind,
  fields: TermsFields<TermsInput[Kind], TermsByKind[Kind], Fields, View>,
) => fields;

const licenceKey = termsFields('licence_key', {
  fields: z
    .strictObject({
      low_stock_at: z
        .int()
        .min(1)
        .max(MAX_LOW_STOCK)
        .nullable()
        .optional()
        .describe('You get the event `product.stock_low` when so few keys are left. null: never.'),
    })
    .describe('Of a `licence_key`. Its stock is the number of keys that are left.'),
  view: z.object({ low_stock_at: z.int().nullable() }),
  read: (body) => ({ lowStockAt: body.low_stock_at }),
  show: (terms) => ({ low_stock_at: terms.lowStockAt }),
});

export const newTerms = { licence_key: licenceKey.fields.optional() };
export const changedTerms = { licence_key: licenceKey.fields.partial() };
export const termsViewSchemas = { licence_key: licenceKey.view.nullable() };

interface TermsBody {
  readonly licence_key?: Parameters<typeof licenceKey.read>[0] | undefined;
}

/** The terms that a body names, as the catalogue calls them; undefined when it names none. */
export function termsIn(body: TermsBody): TermsInput | undefined {
  const terms = { licence_key: body.licence_key && licenceKey.read(body.licence_key) };
  return Object.values(terms).every((each) => each === undefined) ? undefined : terms;
}

export const termsView = (terms: ProductTerms) => ({
  licence_key: terms.licence_key === undefined ? null : licenceKey.show(terms.licence_key),
});
