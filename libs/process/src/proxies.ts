import { type Clock, HOUR } from '#libs/kernel';
import { Networks, Seldom } from '#libs/runtime';

/** The parts of a request that are needed here. */
interface Arrival {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * Warns, at most once an hour, when X-Forwarded-For comes from an address that is not a trusted proxy. The header is
 * then ignored, so all clients behind an unconfigured proxy share its address.
 */
export function forgottenProxy(trustedProxies: readonly string[], clock: Clock, warn: (line: string) => void) {
  const trusted = new Networks(trustedProxies);
  const seldom = new Seldom(HOUR);
  return ({ headers, socket: { remoteAddress = '' } }: Arrival): void => {
    if (headers['x-forwarded-for'] === undefined || trusted.has(remoteAddress)) return;
    seldom.about(clock.now(), () =>
      warn(
        `A request from ${remoteAddress} has the header X-Forwarded-For, which is ignored, because TRUSTED_PROXIES does not contain ` +
          `${remoteAddress}. If that is your proxy, set TRUSTED_PROXIES=${remoteAddress}: until then all clients behind it share one ` +
          'login limit, and TELEGRAM_NETWORKS blocks Telegram. If it is a stranger, you can ignore this.',
      ),
    );
  };
}
