import { describe, expect, it } from 'vitest';
import { localDeployment } from './local-deployment.js';

const here = localDeployment(`{ ... }: {
  roles.server = { ... }: {
    systemd.services.talker = {
      wantedBy = [ "multi-user.target" ];
      script = "echo one; echo two of three; exec sleep infinity";
    };
  };
}
`);

const listeners = `
import os, signal, socket
os.makedirs("/run/a b")
stream = socket.socket(socket.AF_UNIX)
stream.bind("/run/a b/stream")
stream.listen()
packets = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
packets.bind("/run/packets")
silent = socket.socket(socket.AF_UNIX)
silent.bind("/run/silent")
signal.pause()
`;

describe('the vocabulary on nodes of the flavour local', () => {
  it('waits for what listens on Unix sockets, of streams and of datagrams', async () => {
    const { server } = here.globals;
    await server.execute(`python3 -c '${listeners}'`, { checkOutput: false });
    await server.waitForOpenUnixSocket('/run/a b/stream', { timeout: 20 });
    await server.waitForOpenUnixSocket('/run/packets', { isDatagram: true, timeout: 20 });
    await server.succeed("ln -s '/run/a b/stream' /run/link");
    await server.waitForOpenUnixSocket('/run/link', { timeout: 20 });
    const never = (path: string, options: object = {}) =>
      expect(server.waitForOpenUnixSocket(path, { timeout: 0.2, ...options })).rejects.toThrow(
        `until something listens on ${path}`,
      );
    await never('/run/silent');
    await never('/run/packets');
    await never('/run/a b/stream', { isDatagram: true });
    await never('/run/none');
  });

  it('reads the log of all units as the console, and waits for a line of it', async () => {
    const { server } = here.globals;
    await server.waitForConsoleText('^two of \\w+$', { timeout: 20 });
    expect(await server.getConsoleLog()).toContain('one\ntwo of three\n');
    await expect(server.waitForConsoleText('fou?r', { timeout: 0.2 })).rejects.toThrow(
      'waited 200 ms on server until its log has a line like /fou?r/',
    );
    await expect(server.waitForConsoleText('(')).rejects.toThrow('not a valid regular expression');
  });

  it('an interrupt ends a wait for a line at once', async () => {
    const waiting = here.globals.server.waitForConsoleText('never');
    here.interrupt.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'InterruptedError' });
  });

  it('knows what runs', async () => {
    const { server } = here.globals;
    await server.connect({ timeout: 20 });
    expect(await server.isUp()).toBe(true);
    await server.release();
    await expect(server.waitForShutdown({ timeout: 0.2 })).rejects.toThrow('until it is off');
    expect(await server.getUnitProperty('talker', 'ActiveState')).toBe('active');
  });

  it('cuts a node from the network and back, with routes of its own', async () => {
    const { server } = here.globals;
    await server.succeed('ip route add 192.0.2.0/24 via 10.0.255.254');
    const before = await server.succeed('ip -o addr; ip route');
    await server.block();
    await server.block();
    expect(await server.succeed('ip -o link show eth0')).not.toContain('UP');
    expect(await server.succeed('ip route')).toBe('');
    await server.unblock();
    await server.unblock();
    const sorted = (text: string) =>
      text
        .split('\n')
        .filter(line => !line.includes('inet6'))
        .sort();
    expect(sorted(await server.succeed('ip -o addr; ip route'))).toEqual(sorted(before));
  });

  it('a node that crashes is off, and starts again', async () => {
    const { server } = here.globals;
    await server.succeed('touch /run/before');
    await server.crash();
    await server.waitForShutdown({ timeout: 20 });
    expect(await server.isUp()).toBe(false);
    await expect(server.succeed('true')).rejects.toMatchObject({ name: 'TransportError' });
    await here.globals.startAll();
    expect(await server.isUp()).toBe(true);
    await server.waitForUnit('talker', { timeout: 20 });
    await server.reboot();
    await server.waitForUnit('talker', { timeout: 20 });
    await server.shutdown();
    await server.waitForShutdown({ timeout: 20 });
    await server.start();
    await server.connect({ timeout: 20 });
  });
});
