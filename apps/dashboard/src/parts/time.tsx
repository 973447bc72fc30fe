import { useFormat } from '../texts';

type Style = 'clock' | 'seconds' | 'day' | 'full';

/** A time in the viewer's zone; on hover in UTC. */
export function Time({ at, style = 'full' }: { readonly at: string; readonly style?: Style }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.utc(at)}>
      {format[style](at)}
    </time>
  );
}
