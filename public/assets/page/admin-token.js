// The operator's token: for this tab only, and gone with it.
/* global sessionStorage */
import { createStored } from './stored.js';

export const adminToken = createStored(() => sessionStorage, 'adminToken');
