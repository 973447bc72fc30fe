/** RFC 4180. */
export const END = '\r\n';

/** Text that a spreadsheet would take for a formula, in any width, even after blanks. */
const FORMULA = /^[\s\p{C}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * A field with content chosen by others. A leading apostrophe makes a spreadsheet show a formula instead of running it.
 */
export function text(value: string | null): string {
  if (value === null) return '';
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
