const two = (value: number) => String(value).padStart(2, '0');

/** A moment as the browser's field for date and time writes it, in the viewer's zone; '' for none. */
export function toLocal(at: string | null): string {
  if (at === null) return '';
  const date = new Date(at);
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The moment that such a field names. */
export const fromLocal = (text: string): string | null => (text === '' ? null : new Date(text).toISOString());
