import { Link, type LinkProps } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon';

interface Look {
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'danger-words';
  readonly size?: 'small' | 'large';
  readonly icon?: IconName;
  readonly className?: string;
}

const KINDS = { primary: ' pri', plain: '', quiet: ' gh', danger: ' dng', 'danger-words': ' badt' };
const SIZES = { small: ' sm', large: ' lg' };

const classOf = ({ kind = 'plain', size, className = '' }: Look) =>
  `btn${KINDS[kind]}${size === undefined ? '' : SIZES[size]} ${className}`;

type ButtonProps = Look & ComponentProps<'button'> & { readonly busy?: boolean };

/** A button that keeps its width and ignores clicks while it is busy. */
export function Button({ kind, size, icon, className, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf({ kind, size, className } as Look)}
      aria-busy={busy}
      disabled={busy || rest.disabled === true}
    >
      {busy ? <span className="spin" aria-hidden="true" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Look & ComponentProps<'button'> & { readonly icon: IconName; readonly label: string };

export const IconButton = ({ icon, label, kind, className = '', ...rest }: IconButtonProps) => (
  <button
    type="button"
    {...rest}
    className={classOf({ kind, className: `ic ${className}` } as Look)}
    aria-label={label}
    title={label}
  >
    <Icon name={icon} />
  </button>
);

type LinkButtonProps = Look & LinkProps & { readonly children: ReactNode };

/** A link that looks like a button. */
export const LinkButton = ({ kind, size, icon, className, children, ...rest }: LinkButtonProps) => (
  <Link {...rest} className={classOf({ kind, size, className } as Look)}>
    {icon !== undefined && <Icon name={icon} />}
    {children}
  </Link>
);

type OutLinkProps = Look & { readonly href: string; readonly children: ReactNode };

/** A link out of the dashboard, in a new tab. */
export const OutLink = ({ kind, size, className, href, children }: OutLinkProps) => (
  <a className={classOf({ kind, size, className } as Look)} href={href} target="_blank" rel="noreferrer">
    {children}
    <Icon name="out" />
  </a>
);
