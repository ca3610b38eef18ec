/**
 * Loaded into every Node program of a plain node (NODE_OPTIONS): without a mount namespace a node has no /etc/hosts of its
 * own, so the names of the deployment's nodes are looked up here first.
 */
const { readFileSync } = require('node:fs');
const dns = require('node:dns');
const os = require('node:os');

const { NXC_ETC, NXC_NODE } = process.env;
const addresses = new Map(
  readFileSync(`${NXC_ETC}/deployment-hosts`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => line.split(' ').reverse()),
);

const { lookup } = dns;
dns.lookup = (name, options, callback = options) => {
  const address = addresses.get(name);
  if (address === undefined) return lookup(name, options, callback);
  const all = typeof options === 'object' && options?.all;
  process.nextTick(() => (all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)));
};

const lookupPromise = dns.promises.lookup;
dns.promises.lookup = async (name, options) => {
  const address = addresses.get(name);
  if (address === undefined) return lookupPromise(name, options);
  return options?.all ? [{ address, family: 4 }] : { address, family: 4 };
};

os.hostname = () => NXC_NODE;
