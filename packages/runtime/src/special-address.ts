// Special addresses: the blocks of RFC 6890, as go-sockaddr counts them, which the original asks twice: is an
// address public, and which address of this machine can other members reach although it is private
// (GetPrivateIP)?
//
// That is more than RFC 1918; 6to4, Teredo and the whole of 2001::/16, which that library counts in for the
// sake of the smaller blocks inside it, are special, too. A node must advertise the same address and give the
// same warning as the original would.

/** True for an address that is in any of these blocks. `address` is canonical text. */
export function isSpecialAddress(address: string): boolean {
  return isIn(forwardedBlocks, address) || isIn(unforwardedBlocks, address);
}

/**
 * True for private addresses that can be advertised: special ones that routers forward. `address` is
 * canonical text, with the length of its network behind a slash if that is known: an address whose network
 * reaches beyond the block does not count.
 */
export function isPrivateAddress(address: string): boolean {
  return isIn(forwardedBlocks, address) && !isIn(unforwardedBlocks, address);
}

function isIn(blocks: readonly string[], address: string): boolean {
  const bits = networkBits(address);
  return blocks.some((block) => bits.startsWith(block));
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

const forwardedBlocks: readonly string[] = [
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

/** Some lie inside of forwarded ones. */
const unforwardedBlocks: readonly string[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '2001:db8::/32',
  '2001:10::/28',
  'fe80::/10',
].map(networkBits);
