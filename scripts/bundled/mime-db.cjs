// In the place of mime-db in the built program, which serves files of these types only: the whole list has 150 KB.
module.exports = {
  'application/json': { charset: 'UTF-8', compressible: true, extensions: ['json'] },
  'application/octet-stream': { compressible: true, extensions: ['bin'] },
  'application/x-www-form-urlencoded': { compressible: true },
  'image/svg+xml': { compressible: true, extensions: ['svg'] },
  'text/css': { charset: 'UTF-8', compressible: true, extensions: ['css'] },
  'text/html': { compressible: true, extensions: ['html'] },
  'text/javascript': { charset: 'UTF-8', compressible: true, extensions: ['js', 'mjs'] },
  'text/plain': { compressible: true, extensions: ['txt'] },
};
