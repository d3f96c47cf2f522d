/** Three kinds of test: unit (seconds, no process), integration (real engines and endpoints), e2e (the whole drill). */
const project = (name, testMatch) => ({
  displayName: name,
  testMatch,
  testEnvironment: 'node',
  transform: {
    '^.+[.]ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
    // loads WebAssembly by an import of an ES module, which Node does and jest's modules cannot
    '/@guanmingchiu/sqlparser-ts/.+[.]c?js$': ['@swc/jest', { module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!@guanmingchiu/sqlparser-ts/)'],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/.sandbox'],
});

module.exports = {
  projects: [
    project('unit', ['<rootDir>/__tests__/(lib|stacks|sandbox|scripts|workflows|docs)/**/*.test.ts']),
    project('integration', ['<rootDir>/__tests__/integration/**/*.test.ts']),
    project('e2e', ['<rootDir>/__tests__/e2e/**/*.test.ts']),
  ],
  // the long tests mostly wait for the provider and for engines: more workers than cores keeps both cores busy
  maxWorkers: 4,
  // tests wait for each other's engines: a limit only ends one that hangs
  testTimeout: 60_000,
  testSequencer: '<rootDir>/__tests__/longest-first.js',
};
