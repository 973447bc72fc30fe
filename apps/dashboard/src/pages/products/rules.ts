import { PRODUCTS_TEXTS } from '../../texts/products';
import { useTexts } from '../../texts';

const isWhole = (value: unknown, least: number) => Number.isInteger(value) && Number(value) >= least;

/** Rules that the page checks before it sends the form; the API checks them again. */
export function useRules() {
  const texts = useTexts(PRODUCTS_TEXTS);
  return {
    text: (most: number) => ({ required: texts.required, maxLength: { value: most, message: texts.tooLong(most) } }),
    /** @param least 0 if a product may cost only credits */
    stars: (least: number) => ({ validate: (value: unknown) => isWhole(value, least) || texts.wholeStars }),
    whole: { validate: (value: unknown) => isWhole(value, 1) || texts.wholeStars },
    limit: { validate: (value: unknown) => value === undefined || isWhole(value, 0) || texts.wholeOrNothing },
    place: { validate: (value: unknown) => value === undefined || Number.isInteger(value) || texts.wholeOrNothing },
  };
}
