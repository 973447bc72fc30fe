/** Texts in every language. The second language must have all texts of the first. */
export const both = <Words>(en: Words, ru: NoInfer<Words>) => ({ en, ru });
