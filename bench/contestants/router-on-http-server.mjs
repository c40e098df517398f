// The library's router in a user's own Express app, on the library's own server.
import express from 'express';
import library from '../../dist/index.js';
import { announce } from '../support/announce.mjs';
import { mountRouter } from '../support/mount-router.mjs';

await announce(library.createHttpServer(mountRouter(express())));
