// Machines of their own: network namespaces on one Ethernet, for what loopback addresses cannot show
// (multicast, link-local addresses). Needs Linux, root and `ip`.
//
// Nothing outside the namespaces is touched: the switch between them is a bridge in one more namespace, and
// with the namespaces everything is gone. They are removed when this process ends, too; unless it is killed.

import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

/** Some machines on one network. All have the name of the real one. */
export class NamespaceNetwork {
  /** How many machines there are; they are called 1 to `size`. */
  readonly size: number;
  readonly #prefix = `reeve${process.pid}-${randomInt(10_000)}`;
  readonly #remove = (): void => this.remove();

  /** Makes the machines, at most 254. Throws when the system refuses. */
  constructor(size: number) {
    this.size = size;
    process.once('exit', this.#remove);
    shell(
      [
        `ip netns add ${this.#name(0)}`,
        `ip -n ${this.#name(0)} link add hub type bridge mcast_snooping 0`,
        `ip -n ${this.#name(0)} link set hub up`,
        ...Array.from({ length: size }, (_, index) => this.#makeMachine(index + 1)).flat(),
      ].join('\n'),
    );
  }

  /** The IPv4 address of a machine. */
  address(machine: number): string {
    return `10.77.0.${machine}`;
  }

  /** What to put before a command line to have it run on a machine. */
  enter(machine: number): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name(machine)];
  }

  /** Runs shell commands on a machine: `ip route del 224.0.0.0/4`. Throws when one fails. */
  run(machine: number, commands: string): void {
    shell(commands, this.enter(machine));
  }

  /** Removes the machines. Programs that still run there go on, alone. */
  remove(): void {
    process.off('exit', this.#remove);
    for (let machine = 0; machine <= this.size; machine++) {
      spawnSync('ip', ['netns', 'del', this.#name(machine)]);
    }
  }

  #makeMachine(machine: number): string[] {
    const [hub, name] = [this.#name(0), this.#name(machine)];
    return [
      `ip netns add ${name}`,
      // An address is usable at once, instead of after a second in which somebody else may claim it.
      ...['all', 'default'].map(
        (which) => `ip netns exec ${name} sh -c 'echo 0 > /proc/sys/net/ipv6/conf/${which}/accept_dad'`,
      ),
      `ip -n ${name} link add eth0 type veth peer name to${machine} netns ${hub}`,
      `ip -n ${name} link set eth0 address ${ethernetAddress(machine)}`,
      `ip -n ${hub} link set to${machine} master hub up`,
      `ip -n ${name} addr add ${this.address(machine)}/24 dev eth0`,
      `ip -n ${name} link set lo up`,
      `ip -n ${name} link set eth0 up`,
      `ip -n ${name} route add ${multicastAddresses} dev eth0`,
      `ip -n ${name} -batch - <<END\n${this.#neighbours(machine).join('\n')}\nEND`,
    ];
  }

  // One kernel keeps the neighbours of all its namespaces in one table of 1,024, too few for those of 33
  // machines; packets are lost then, which looks like a broken cluster. Permanent ones are not counted.
  #neighbours(machine: number): string[] {
    const others = Array.from({ length: this.size }, (_, index) => index + 1).filter((it) => it !== machine);
    return others.flatMap((other) =>
      [this.address(other), linkLocalAddress(other)].map(
        (address) => `neigh add ${address} lladdr ${ethernetAddress(other)} dev eth0 nud permanent`,
      ),
    );
  }

  #name(machine: number): string {
    return `${this.#prefix}-${machine}`;
  }
}

/** All multicast of IPv4; without a route for it there is none. */
export const multicastAddresses = '224.0.0.0/4';

/** Why there can be no such network here, for `{ skip }`; false when there can. */
export function namespacesMissing(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs Linux and root';
  const name = `reeve${process.pid}-try`;
  const { error, status } = spawnSync('ip', ['netns', 'add', name]);
  if (error) return 'needs the command ip (apt-get install iproute2)';
  if (status !== 0) return 'needs permission to make network namespaces';
  spawnSync('ip', ['netns', 'del', name]);
  return false;
}

function ethernetAddress(machine: number): string {
  return `02:00:00:00:00:${machine.toString(16).padStart(2, '0')}`;
}

// What IPv6 makes of the Ethernet address.
function linkLocalAddress(machine: number): string {
  return `fe80::ff:fe00:${machine.toString(16)}`;
}

function shell(commands: string, enter: readonly string[] = []): void {
  const [command = '', ...args] = [...enter, 'sh', '-e'];
  const { error, status, stderr } = spawnSync(command, args, { input: commands, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`shell commands ended with ${status}: ${stderr}`);
}
