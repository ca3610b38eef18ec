/** The arrows of the house: which folder may import which. `npm run lint:arrows` checks them. */
const only = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: {
        circular: true,
        dependencyTypesNot: ['type-only'],
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('src-knows-no-kernel', '^src/', '^kernel/'),
    {
      name: 'kernel-uses-the-public-api',
      severity: 'error',
      from: { path: '^kernel/' },
      // All but the first two are leaves that load at once: what answers a front-end first cannot wait for the whole API.
      to: {
        path: '^src/',
        pathNot:
          '^src/(index|client|errors|assets|glob|home-folder|make-folder|shared-signal|write-error)\\.ts$',
      },
    },
    {
      name: 'protocol-stands-alone',
      severity: 'error',
      from: { path: '^kernel/protocol/' },
      to: { path: '^(src|kernel/(session|cells|typescript|runner))/', pathNot: '^src/errors\\.ts$' },
    },
    only('session-knows-no-cells', '^kernel/session/', '^kernel/(cells|typescript|runner)/'),
    only(
      'nix-knows-no-compositions',
      '^src/nix/',
      '^src/(commands|composition|deployment|flavours|driver|transports|metrics|plots|jobs)/',
    ),
    only(
      'transports-are-below-flavours',
      '^src/transports/',
      '^src/(commands|deployment|flavours|composition|driver|metrics|plots)/',
    ),
    only('flavours-are-below-the-deployment', '^src/flavours/', '^src/(commands|deployment|driver|plots)/'),
    only('deployment-is-below-commands', '^src/deployment/', '^src/commands/'),
    only('driver-is-below-commands', '^src/driver/', '^src/commands/'),
    only('metrics-are-below-the-driver', '^src/metrics/', '^src/(commands|driver|plots)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
