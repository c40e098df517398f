// The operator's token: in the memory of this page only, so that no other page of its origin can read it from a storage.

let token;

/** `undefined` forgets it; so does a reload. */
export const adminToken = {
  get: () => token,
  set(value) {
    token = value;
  },
};
