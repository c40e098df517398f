// A repeatable source of numbers: the same seed gives the same page URLs, intervals and long tests on every machine.
'use strict';

// Odd constants with well-mixed bits: a step for the counter, and two multipliers that spread each of its bits over all.
const STEP = 0x9e3779b1;
const MIX_ONE = 0x85ebca6b;
const MIX_TWO = 0xc2b2ae35;

function createSeededRandom(seed, purpose = '') {
  let state = seed | 0;
  for (const character of purpose) state = Math.imul(state ^ character.codePointAt(0), MIX_ONE);
  return function random() {
    state = (state + STEP) | 0;
    let bits = Math.imul(state ^ (state >>> 16), MIX_ONE);
    bits = Math.imul(bits ^ (bits >>> 13), MIX_TWO);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

module.exports = { createSeededRandom };
