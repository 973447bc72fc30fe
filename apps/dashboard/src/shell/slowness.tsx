import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../api/everywhere';
import { Icon } from '../parts/icon';
import { useTexts } from '../texts';
import { SHELL_TEXTS } from '../texts/shell';

const PARTS = ['telegram', 'checkouts', 'updates', 'deliveries', 'webhooks', 'api'] as const;

/** The bar above every page while Telegram or the platform is slow. */
export function Slowness() {
  const texts = useTexts(SHELL_TEXTS);
  const { data: status } = useQuery(statusQuery);
  if (status === undefined) return null;
  const late = PARTS.filter((part) => status[part].status === 'slow' || status[part].status === 'down');
  const [first] = late;
  if (first === undefined) return null;
  const isDown = late.some((part) => status[part].status === 'down');
  return (
    <div className="slowness" role="status">
      <Icon name="alert" />
      <span className="grow">
        <b>{isDown ? texts.downTitle : texts.slowTitle}</b> {late.map((part) => texts.slowParts[part]).join(' ')}{' '}
        <a href="/status">{texts.statusPage}</a>
      </span>
    </div>
  );
}
