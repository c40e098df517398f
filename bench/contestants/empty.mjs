// node:http with one fixed reply: what the runtime and the load cost by themselves.
import { createServer } from 'node:http';
import { announce } from '../support/announce.mjs';

const body = JSON.stringify({
  appId: 'cli_demo0000000001',
  timestamp: 1510045655000,
  nonceStr: '9f86d081884c7d659a2feaa0c55ad015',
  signature: '40a68999ecf7e05907edba43b31a50fd1830c777',
  url: 'https://example.cn/test/1234/content.html',
});
const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };

await announce(createServer((_request, response) => response.writeHead(200, headers).end(body)));
