import fc from 'fast-check';

/**
 * The seed of all property tests, so that a run says something about the change and not about its luck.
 * `FAST_CHECK_SEED=random npm test` looks elsewhere; a failure prints the seed that it had.
 */
const SEED = 20_261_130;

const wanted = process.env.FAST_CHECK_SEED;
fc.configureGlobal(wanted === 'random' ? {} : { seed: wanted === undefined ? SEED : Number(wanted) });
