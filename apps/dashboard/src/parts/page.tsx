import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { Icon } from './icon';

type Way = Pick<LinkProps, 'to' | 'params'> & { readonly label: string };

interface PageProps {
  /** The title of the browser tab. */
  readonly title: string;
  /** The heading, if it differs from the title. */
  readonly heading?: ReactNode;
  /** Shown next to the heading: a state, a count, an id. */
  readonly beside?: ReactNode;
  readonly back?: Way;
  readonly actions?: ReactNode;
  /** Replaces `actions` on a phone, in a bar above the tabs; the main one last. */
  readonly phoneActions?: ReactNode;
  /** `wide` for figures, `read` for forms and texts, `all` for lists. */
  readonly width?: 'wide' | 'read' | 'all';
  readonly children: ReactNode;
}

const Back = ({ label, ...way }: Way) => (
  <Link {...way} className="btn ic gh -ml-2" aria-label={label}>
    <Icon name="left" />
  </Link>
);

export function Page(props: PageProps) {
  const { title, heading = title, beside, back, actions, phoneActions, width = 'all', children } = props;
  useEffect(() => {
    document.title = `${title} · Starwall`;
  }, [title]);
  return (
    <>
      <main id="main" tabIndex={-1} className={phoneActions === undefined ? undefined : 'has-pbar'}>
        <header className="ph">
          {back !== undefined && <Back {...back} />}
          <h1 className="cut">{heading}</h1>
          {beside}
          <div className={phoneActions === undefined ? 'ph-a' : 'ph-a hide-s'}>{actions}</div>
        </header>
        {width === 'all' ? children : <div className={width}>{children}</div>}
      </main>
      {phoneActions !== undefined && <div className="pbar">{phoneActions}</div>}
    </>
  );
}
