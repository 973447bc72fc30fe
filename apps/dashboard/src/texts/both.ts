/** The words of one thing in every language. The second language has to say all that the first one says. */
export const both = <Words>(en: Words, ru: NoInfer<Words>) => ({ en, ru });
