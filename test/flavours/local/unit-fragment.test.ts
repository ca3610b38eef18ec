import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from '../../../src/composition/systemd/words.js';
import { unitFragment } from '../../../src/flavours/local/unit-fragment.js';
import { service } from './deployment.js';

const valuesOf = (file: string, key: string) =>
  file.split('\n').flatMap(line => (line.startsWith(`${key}=`) ? line.slice(key.length + 1) : []));

it('a unit is shown as a unit file of NixOS, without what is as systemd has it anyway', () => {
  const unit = service('web', 'echo hi', {
    description: 'the web',
    after: ['network.target', 'db.service'],
    requires: ['db.service'],
    environment: { COLOUR: 'red' },
    stop: [{ kind: 'exec', argv: ['/bin/echo', '100%', 'a b', '$HOME'], ignoreFailure: true }],
    restart: 'always',
    restartMs: 1500,
    timeoutStopMs: 0,
    user: 'web',
    directories: ['/run/web', '/var/lib/web', '/var/lib/more'],
    path: ['/opt/bin'],
  });
  expect(unitFragment(unit, '/etc/nxc/units/web.service')).toBe(`[Unit]
After=network.target db.service
Description=the web
Requires=db.service

# PATH begins with /opt/bin

[Service]
Environment="COLOUR=red"
ExecStart=/etc/nxc/units/web.service/ExecStart.0
ExecStop=-/bin/echo 100%% "a b" $$HOME
Restart=always
RestartSec=1500ms
RuntimeDirectory=web
StateDirectory=web more
TimeoutStopSec=infinity
User=web

[Install]
WantedBy=multi-user.target
`);
});

it('systemd would read words and variables of it as they are, whatever is in them', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).map(word => word.replaceAll('\0', 'n'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), text, (words, value) => {
      const argv = ['/bin/x', ...words];
      const unit = service('web', '', {
        start: [{ kind: 'exec', argv, ignoreFailure: false }],
        environment: { A: value },
      });
      const file = unitFragment(unit, '/x');
      const read = (key: string) =>
        splitWords(valuesOf(file, key).join('\n'), key).map(({ text: word }) => word.replaceAll('%%', '%'));
      expect(read('ExecStart').map(word => word.replaceAll('$$', '$'))).toEqual(argv);
      expect(read('Environment')).toEqual([`A=${value}`]);
    }),
  );
});
