// What can become of the ways between servers.

import type { Scene } from './scene.ts';

/** All is well again. */
export function heal({ cluster, diary, lateness }: Scene): void {
  diary.note('the network is well');
  cluster.world.network.heal();
  lateness.share = 0;
}

export function cutOff({ cluster, crew, diary }: Scene): void {
  const [name = ''] = crew.inAnyOrder();
  diary.note(`${name} is cut off`);
  cluster.world.network.partition(cluster.host(name));
}

export function cutOneWay({ cluster, crew, diary }: Scene): void {
  const [from = '', to = ''] = crew.inAnyOrder();
  diary.note(`nothing passes from ${from} to ${to}`);
  cluster.world.network.cut(cluster.host(from), cluster.host(to));
}

/** Some are on one side, mostly two: of five servers often a leader with one follower. */
export function split({ cluster, crew, diary }: Scene): void {
  const { random, world } = cluster;
  const names = crew.inAnyOrder();
  const side = names.slice(0, random.float() < 0.7 ? 2 : 1 + random.below(names.length - 1));
  const hosts = side.map((name) => cluster.host(name));
  const ways = random.below(4);
  const what = ['to the others', 'from the others'][ways] ?? 'to the others, nor back';
  diary.note(`nothing passes from ${side.join(' and ')} ${what}`);
  if (ways === 0) world.network.cut(hosts);
  else if (ways === 1)
    world.network.cut(
      names.slice(side.length).map((name) => cluster.host(name)),
      hosts,
    );
  else world.network.partition(hosts);
}

export function delay({ cluster, diary, lateness }: Scene): void {
  lateness.share = cluster.random.float() * lateShareMax;
  diary.note(`${(lateness.share * 100).toFixed(1)} % of what is sent is lost once`);
}

const lateShareMax = 0.1;
