// A value that outlives a reload where the browser allows it, and is kept in memory where it does not.

/** `storage` is a function because reading `localStorage` itself throws where it is forbidden. Undefined forgets. */
export function createStored(storage, key) {
  let inMemory;
  return {
    get() {
      try {
        return storage().getItem(key) ?? undefined;
      } catch {
        return inMemory;
      }
    },
    set(value) {
      inMemory = value;
      try {
        if (value === undefined) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        // Kept in memory.
      }
    },
  };
}
