const two = (value: number) => String(value).padStart(2, '0');

/** A time in the format of the browser's datetime field, in the viewer's zone; '' for none. */
export function toLocal(at: string | null): string {
  if (at === null) return '';
  const date = new Date(at);
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The time in such a field. */
export const fromLocal = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());
