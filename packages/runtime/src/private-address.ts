// Which addresses of a machine other members can reach although they are private.
//
// The original takes go-sockaddr's word (GetPrivateIP): the blocks of RFC 6890 less those no router forwards.
// That is more than RFC 1918; so are 6to4, Teredo and the whole of 2001::/16, which that library counts in
// for the sake of the smaller blocks inside it. A node must advertise the same address as the original would.

/**
 * True for private addresses that can be advertised. `address` is canonical text, with the length of its
 * network behind a slash if that is known: an address whose network reaches beyond the private block does not
 * count.
 */
export function isPrivateAddress(address: string): boolean {
  const bits = networkBits(address);
  const isIn = (block: string) => bits.startsWith(block);
  return privateBlocks.some(isIn) && !unforwardedBlocks.some(isIn);
}

/** The bits that all addresses of a network share, behind a `4` or `6` for the family. */
function networkBits(network: string): string {
  const [address = '', length = '128'] = network.split('/');
  return addressBits(address).slice(0, 1 + Number(length));
}

/** The address as `4` or `6` and its bits; just that digit when it is not an address. */
function addressBits(address: string): string {
  return address.includes(':') ? `6${ipv6Bits(address)}` : `4${ipv4Bits(address)}`;
}

function ipv4Bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function ipv6Bits(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const [before, after] = [groupBits(head), groupBits(tail ?? '')];
  return tail === undefined ? before : before + after.padStart(128 - before.length, '0');
}

function groupBits(groups: string): string {
  if (groups === '') return '';
  return groups
    .split(':')
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

const privateBlocks: readonly string[] = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '64:ff9b::/96',
  '100::/64',
  '2001::/16',
  '2002::/16',
  'fc00::/7',
].map(networkBits);

const unforwardedBlocks: readonly string[] = ['2001:db8::/32', '2001:10::/28'].map(networkBits);
