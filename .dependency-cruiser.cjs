/**
 * The rooms of docs/ARCHITECTURE.md as import rules: data flows one way, through
 * lib's rooms in this order, and a room imports from itself or an earlier one.
 */
const rooms = ['audit', 'incident', 'plan', 'verify', 'cutover', 'report', 'drill'];

const laterRooms = rooms.slice(0, -1).map((room, i) => ({
  name: `${room}-imports-no-later-room`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: { path: `^lib/(${rooms.slice(i + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...laterRooms,
    {
      name: 'lib-roots-import-no-room',
      comment: 'lib/*.ts, lib/artefacts and lib/terraform serve every room; they know none of them',
      severity: 'error',
      from: { path: '^lib/([^/]+[.]ts$|artefacts/|terraform/)' },
      to: { path: `^lib/(${rooms.join('|')})/` },
    },
    {
      name: 'nothing-imports-scripts-or-main',
      comment: 'but a script its own folder: scripts/drill.ts and scripts/drill/',
      severity: 'error',
      from: { pathNot: '^(__tests__|scripts)/' },
      to: { path: '^(scripts/|main[.]ts$)' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^__tests__/' },
      to: { path: '^__tests__/' },
    },
    {
      name: 'sandbox-knows-nothing-of-the-tool',
      comment: 'the sandbox and the tool meet over the network only',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(lib|stacks|scripts)/|^main[.]ts$' },
    },
    {
      name: 'the-tool-knows-nothing-of-the-sandbox',
      severity: 'error',
      from: { path: '^(lib|stacks|main[.]ts$|scripts/(?!sandbox[.]ts))' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'stacks-import-cdktf-and-lib-only',
      severity: 'error',
      from: { path: '^stacks/' },
      to: {
        pathNot:
          '^(stacks/|lib/|node_modules/(cdktf|constructs|@cdktf/provider-aws)/|(node:)?(path|crypto)$)',
      },
    },
    {
      name: 'cdktf-only-in-main-and-stacks',
      severity: 'error',
      from: { path: '^(lib|scripts|sandbox)/' },
      to: { path: '^node_modules/(cdktf|constructs|@cdktf)/' },
    },
    {
      name: 'provider-bindings-by-resource-only',
      comment: 'the root of @cdktf/provider-aws costs 2.4 s and 580 MB to load',
      severity: 'error',
      from: {},
      to: { path: '^node_modules/@cdktf/provider-aws/lib/index[.](js|d[.]ts)$' },
    },
    {
      name: 'main-calls-no-aws-api',
      severity: 'error',
      from: { path: '^(main[.]ts|stacks/)' },
      to: { path: '^node_modules/@aws-sdk/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.d.ts'] },
  },
};
