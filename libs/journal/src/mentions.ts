/** A number of a person's, also inside of other text: whole digits. `from` and `to` are SQL. */
export const replaced = (what: string, from: string, to: string) =>
  `regexp_replace(${what}::text, '(?<![0-9])' || ${from} || '(?![0-9])', ${to}, 'g')::jsonb`;

/** Whether text or JSON mentions the number, which is SQL. The plain search is quick and leaves few rows to the other one. */
export const mentions = (what: string, number: string) =>
  `(strpos(${what}::text, ${number}::text) > 0 and ${what}::text ~ ('(?<![0-9])' || ${number}::text || '(?![0-9])'))`;
