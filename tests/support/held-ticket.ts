// A ticket as the explanation takes it, from its plain parts.
import type { HeldTicket } from '../../src/explain/types';
import { Secret } from '../../src/base/secret';
import { fingerprint } from '../../src/base/fingerprint';

export function heldTicket(kind: HeldTicket['kind'], owner: string, text: string): HeldTicket {
  const value = new Secret(text);
  return { kind, owner, value, fingerprint: fingerprint(value) };
}
