import ipaddr from 'ipaddr.js';

const UNKNOWN = 'unknown';

/**
 * Returns the part of an address that one subscriber has: all of IPv4, the first 64 bits of IPv6. Invalid addresses,
 * for example from a misconfigured trusted proxy, count as one network.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return UNKNOWN;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? groupsOf(parsed, 4) : parsed.toString();
}

/** Shortens an address so that its user recognises it but strangers learn little: 24 bits of IPv4, 48 bits of IPv6. */
export function shortened(address: string): string {
  if (!ipaddr.isValid(address)) return UNKNOWN;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6) return `${groupsOf(parsed, 3)}::/48`;
  return `${parsed.octets.slice(0, 3).join('.')}.0/24`;
}

const groupsOf = ({ parts }: ipaddr.IPv6, count: number) =>
  parts
    .slice(0, count)
    .map((part) => part.toString(16))
    .join(':');
