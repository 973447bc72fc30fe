/**
 * Returns SQL that replaces a person's Telegram id, also within other text, but never part of a longer number. `from`
 * and `to` are SQL.
 */
export const replaced = (what: string, from: string, to: string) =>
  `regexp_replace(${what}::text, '(?<![0-9])' || ${from} || '(?![0-9])', ${to}, 'g')::jsonb`;

/**
 * Returns SQL that tests whether text or JSON contains the id. The plain search is fast and leaves few rows for the
 * pattern.
 */
export const mentions = (what: string, number: string) =>
  `(strpos(${what}::text, ${number}::text) > 0 and ${what}::text ~ ('(?<![0-9])' || ${number}::text || '(?![0-9])'))`;
