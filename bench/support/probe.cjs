// Preloaded into every contestant alike: tells the runner its CPU time and memory when asked, and ends when the runner has gone.
'use strict';
const process = require('node:process');

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuMicros: user + system, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
