// Freezes a value to its depth: settings are read by everybody and changed by nobody.

/** `value` itself, frozen with everything in it. Of a tree only: a cycle would not end. */
export function deepFreeze<Value extends object>(value: Value): Value {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  return Object.freeze(value);
}
