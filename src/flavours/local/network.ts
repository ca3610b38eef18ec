/** Files for `ip -batch`: one process makes all the links of a node. Interface names are numbered, since node names may be longer than 15 bytes. */

/** Nodes have 10.0.1.1 to 10.0.1.250, then 10.0.2.1 and on; plain processes the same in 127. */
export function addressOf(index: number, isolation: 'root' | 'user' | 'plain'): string {
  const [block, host] = [Math.floor(index / 250) + 1, (index % 250) + 1];
  return isolation === 'plain' ? `127.77.${block}.${host}` : `10.0.${block}.${host}`;
}

export const switchBatch = `link add switch0 type bridge
link set switch0 up
link set lo up
`;

/** In the node. Its end of the link is born there, the other one in the launcher's network, which /proc/1 still is. */
export function nodeBatch(index: number, address: string): string {
  return `link add eth0 type veth peer name port${index} netns /proc/1/ns/net
addr add ${address}/16 broadcast 10.0.255.255 dev eth0
link set eth0 up
link set lo up
`;
}

export function portsBatch(count: number): string {
  return Array.from({ length: count }, (_, index) => `link set port${index} master switch0 up\n`).join('');
}
