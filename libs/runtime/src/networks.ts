import ipaddr from 'ipaddr.js';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

const isAddress = (text: string) =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));

/** One address, or a CIDR like `10.0.0.0/8`; no octal or hex notation, no zones. */
export function isNetwork(text: string): boolean {
  return isAddress(text.split('/')[0] ?? '') && (isAddress(text) || ipaddr.isValidCIDR(text));
}

/** True for a network that is all of IPv4 or IPv6. */
export const isEverybody = (network: string) => /\/0+$/.test(network);

/** A list of networks. An IPv4 address inside an IPv6 address (`::ffff:203.0.113.7`) counts as the IPv4 address. */
export class Networks {
  private readonly ranges: readonly Range[];

  /** @param networks each valid by {@link isNetwork} */
  constructor(networks: readonly string[]) {
    this.ranges = networks.map((network) => {
      if (network.includes('/')) return ipaddr.parseCIDR(network);
      const address = ipaddr.process(network);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    });
  }

  /** @returns false for a text that is not an address */
  has(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return this.ranges.some(
      ([range, bits]) => range.kind() === address.kind() && address.match([range, bits] as never),
    );
  }
}
