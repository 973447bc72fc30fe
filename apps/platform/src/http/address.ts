import ipaddr from 'ipaddr.js';

const UNKNOWN = 'unknown';

/**
 * The part of an address that one subscriber holds: all of IPv4, the first 64 bits of IPv6. What is no address, for example because
 * a trusted proxy passed nonsense on, is all one network.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return UNKNOWN;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? groupsOf(parsed, 4) : parsed.toString();
}

/** An address as people may recognise it and strangers learn little from it: 24 bits of IPv4, 48 bits of IPv6. */
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
