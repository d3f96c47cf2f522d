const Sequencer = require('@jest/test-sequencer').default;

const rank = { e2e: 0, integration: 1, unit: 2 };

/** Starts what takes longest first, so that everything else runs in its shadow. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const name = (test) => test.context.config.displayName?.name ?? 'unit';
    return [...super.sort(tests)].sort((a, b) => rank[name(a)] - rank[name(b)]);
  }
};
