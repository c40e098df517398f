// The library's router in a user's own Express app, with no other middleware.
import express from 'express';
import { createServer } from 'node:http';
import { jsapiRouter } from '../../dist/library/jsapi-router.js';
import { announce } from '../support/announce.mjs';
import { signer } from '../support/create-signer.mjs';

await announce(createServer(express().use(jsapiRouter(signer))));
