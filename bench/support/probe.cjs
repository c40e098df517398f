// Preloaded into every contestant alike: tells the runner its CPU time and memory when asked, and ends when the runner has gone.
'use strict';
const process = require('node:process');
const v8 = require('node:v8');
const vm = require('node:vm');

process.on('message', (question) => {
  if (question === 'collected') collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send({ cpuMicros: user + system, rssBytes: rss, heapBytes: heapUsed });
});
process.on('disconnect', () => process.exit());

function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  // What the first collection releases by finalizers is garbage for the second.
  gc();
  gc();
}
