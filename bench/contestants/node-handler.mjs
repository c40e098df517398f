// The library's handler on a plain node:http server.
import { createServer } from 'node:http';
import { createNodeHandler } from '../../dist/library/handler.js';
import { announce } from '../support/announce.mjs';
import { signer } from '../support/create-signer.mjs';

await announce(createServer(createNodeHandler(signer)));
