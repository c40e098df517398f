// A repeatable source of numbers: the same seed gives the same page URLs and the same intervals on every machine.
'use strict';

/** Numbers in [0, 1) from a 32-bit seed (mulberry32: small, and even enough for choosing and resampling). */
function createSeededRandom(seed) {
  let state = seed >>> 0;
  return function random() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

module.exports = { createSeededRandom };
