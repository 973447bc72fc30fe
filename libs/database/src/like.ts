/** Escapes the wildcards of `like`, so that a pattern matches the text literally. */
export const likeLiteral = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
