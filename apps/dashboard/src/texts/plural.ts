interface Forms {
  readonly one: string;
  readonly few: string;
  readonly many: string;
}

const rules = new Intl.PluralRules('ru');
const numbers = new Intl.NumberFormat('ru');
const english = new Intl.NumberFormat('en');

/** 1 заказ, 2 заказа, 5 заказов. */
export function ruCount(count: number, forms: Forms): string {
  const rule = rules.select(count);
  const word = rule === 'one' || rule === 'few' ? forms[rule] : forms.many;
  return `${numbers.format(count)} ${word}`;
}

/** 1 order, 2 orders. */
export const enCount = (count: number, one: string, many = `${one}s`) =>
  `${english.format(count)} ${count === 1 ? one : many}`;
