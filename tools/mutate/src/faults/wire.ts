// The layers of packets and streams, and the keys of the encryption.

import { type Fault, faultsIn } from '../fault.ts';

/** Faults of what is on the wire. */
export const wireFaults: readonly Fault[] = [
  ...faultsIn('packages/memberlist/src/core/wire/checksum.ts', [
    {
      name: 'a packet with a wrong checksum is taken',
      original: 'return got === expected ? payload : { got, expected };',
      replacement: 'return payload;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/wire/packet.ts', [
    {
      name: 'packets and streams of another cluster are taken',
      original: '  if (label === layers.label) return undefined;',
      replacement: '  return undefined;',
    },
    {
      name: 'every packet is encrypted with the same nonce',
      original: 'layers.random.bytes(nonceBytes)',
      replacement: 'new Uint8Array(nonceBytes)',
    },
    {
      name: 'a plain packet is taken where only encrypted ones should be',
      original: '    if (!layers.verifyIncoming) return packet;',
      replacement: "    if (error.message !== '') return packet;",
    },
    {
      name: 'what compression makes longer is sent compressed',
      original: 'if (compressed.length < message.length) packet = compressed;',
      replacement: 'packet = compressed;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/wire/stream.ts', [
    {
      name: 'a plain stream is taken where only encrypted ones should be',
      original: 'if (!keyring || !verifyIncoming) return true;',
      replacement: 'return true;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/wire/encrypt.ts', [
    {
      name: 'only the primary key decrypts',
      original: 'for (const key of keys) {',
      replacement: 'for (const key of keys.slice(0, 1)) {',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/wire/compound.ts', [
    {
      name: 'a compound has more parts than old members can read',
      original: 'const compoundPartsMax = 127;',
      replacement: 'const compoundPartsMax = 255;',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/packet-input.ts', [
    {
      name: 'the compressed parts of one packet may together become as large as they like',
      original: '    this.#plainBytesLeft -= plain.length;\n',
      replacement: '',
    },
  ]),
  ...faultsIn('packages/memberlist/src/core/keyring.ts', [
    {
      name: 'a new primary key pushes the old one out of the ring',
      original: '[key, ...this.#keys.filter((other) => other !== key)]',
      replacement: '[key, ...this.#keys.slice(1).filter((other) => other !== key)]',
    },
    {
      name: 'the primary key can be removed',
      original:
        "    if (key === this.primary) throw new KeyringError('Removing the primary key is not allowed');\n",
      replacement: '',
    },
  ]),
  ...faultsIn('packages/serf/src/core/key-request.ts', [
    {
      name: 'a changed keyring is not written to its file',
      original: '  writeKeyring(machine, keyring, done);\n}',
      replacement: '  done(undefined);\n}',
    },
  ]),
  ...faultsIn('packages/serf/src/core/key-manager.ts', [
    {
      name: 'a key counts as changed although a member refused',
      original: '    if (!succeeded) this.errors++;\n',
      replacement: '',
    },
    {
      name: 'a key counts as changed although members did not answer',
      original: '    if (!this.isComplete)\n',
      replacement: '    if (false as boolean)\n',
    },
  ]),
];
