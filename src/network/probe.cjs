/**
 * Measures a network from inside of it; run by check.ts in the networks of two nodes, as
 *   serve                           tells {port} on stdout, echoes datagrams that begin with `e`, counts those that begin with `l`,
 *                                   takes one TCP stream; tells {received, bitsPerSecond} when its stdin ends
 *   ask HOST PORT COUNT PAUSE MS    sends: echoes, COUNT datagrams PAUSE ms apart, a TCP stream of MS; tells {roundTripMs}
 */
const dgram = require('node:dgram');
const net = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');

const tell = what => process.stdout.write(`${JSON.stringify(what)}\n`);
/** Milliseconds in which a stream finds its speed. */
const warmUp = 300;

function serve() {
  const socket = dgram.createSocket('udp4');
  let received = 0;
  const stream = { bytes: 0 };
  socket.on('message', (message, from) => {
    if (message[0] === 101) socket.send(message, from.port, from.address);
    else received++;
  });
  socket.bind(0, () => {
    const { port } = socket.address();
    net
      .createServer(connection => {
        const began = performance.now();
        connection.on('error', () => {});
        connection.on('data', chunk => {
          const now = performance.now();
          if (now - began < warmUp) return;
          stream.from ??= now;
          if (stream.from !== now) stream.bytes += chunk.length;
          stream.to = now;
        });
      })
      .listen(port, () => tell({ port }));
  });
  process.stdin.resume().on('end', () => {
    const seconds = ((stream.to ?? 0) - (stream.from ?? 0)) / 1000;
    tell({ received, bitsPerSecond: seconds > 0 ? (stream.bytes * 8) / seconds : 0 });
    process.exit();
  });
}

async function ask(host, port, count, pause, streamMs) {
  const socket = dgram.createSocket('udp4');
  await new Promise(resolve => socket.connect(port, host, resolve));
  const roundTripMs = await roundTrip(socket);
  for (let sent = 0; sent < count; sent++) {
    socket.send('l');
    if (pause >= 1 || sent % 10 === 0) await sleep(Math.max(1, pause));
  }
  await sleep(200 + (roundTripMs ?? 0));
  socket.close();
  const connection = net.connect(port, host);
  connection.on('error', () => {});
  const block = Buffer.alloc(64 * 1024);
  const push = () => {
    while (connection.write(block));
  };
  connection.on('connect', push).on('drain', push);
  await sleep(warmUp + streamMs);
  tell({ roundTripMs });
  process.exit();
}

/** Median of 20, the lost ones left out; the first one of all, which also looks for the other card, is not counted. */
async function roundTrip(socket) {
  const times = [];
  for (let number = 0; number <= 20; number++) {
    const began = performance.now();
    const answer = new Promise(resolve => socket.once('message', () => resolve(performance.now() - began)));
    socket.send(`e${number}`);
    const time = await Promise.race([answer, sleep(1000, undefined)]);
    socket.removeAllListeners('message');
    if (time !== undefined && number > 0) times.push(time);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

const [verb, host, ...numbers] = process.argv.slice(2);
if (verb === 'serve') serve();
else ask(host, ...numbers.map(Number));
