/** Escapes what `like` treats as wildcards, so that a pattern contains the text itself. */
export const likeLiteral = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
