// The library's router in a user's own Express app, with no other middleware and a plain server.
import express from 'express';
import { createServer } from 'node:http';
import { announce } from '../support/announce.mjs';
import { mountRouter } from '../support/mount-router.mjs';

await announce(createServer(mountRouter(express())));
