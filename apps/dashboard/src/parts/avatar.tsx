const HUES = 6;

/** The same name has the same colour everywhere. */
function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum += letter.codePointAt(0) ?? 0;
  return (sum % HUES) + 1;
}

const initials = (name: string, count: number) =>
  name
    .split(/\s+/)
    .slice(0, count)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();

interface AvatarProps {
  readonly name: string;
  /** Buyers are round, bots are square. */
  readonly of: 'person' | 'bot';
  readonly large?: boolean;
}

export const Avatar = ({ name, of, large = false }: AvatarProps) => (
  <span className={`av h${hueOf(name)}c${large ? ' l' : ''}${of === 'bot' ? ' bot' : ''}`} aria-hidden="true">
    {initials(name, of === 'bot' && large ? 2 : 1)}
  </span>
);
