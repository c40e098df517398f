// Texts whose every character is to be seen: what differs is marked, and what prints as nothing gets a sign.
import { make } from './dom.js';

/** Spaces, controls, format characters, combining marks, halves of characters: nothing shows them, or not by themselves. */
const UNSEEN = /[\p{Z}\p{C}\p{M}]/u;
/** Of what both have in common so much says where the difference is. */
const CONTEXT_BEFORE = 90;
const CONTEXT_AFTER = 45;
/** A person compares a few bytes; of more the characters tell enough. */
const MAX_BYTES_SHOWN = 12;

/** `text` as nodes. */
export function visible(text) {
  return text
    .split(/([\p{Z}\p{C}\p{M}])/u)
    .filter((part) => part !== '')
    .map((part) =>
      UNSEEN.test(part) ? make('span', { className: 'sign', textContent: signOf(part) }) : part,
    );
}

function signOf(character) {
  const code = character.codePointAt(0);
  if (character === ' ') return '␣';
  // Unicode has a picture of every ASCII control character.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The three parts of a text, the middle one marked; `unseen` holds what a screen reader says of the mark. */
export function markedText([before, differs, after], { differsFrom, differsTo, nothing }) {
  const hidden = (textContent) => make('span', { className: 'announcer', textContent });
  const mark = make('mark', {}, hidden(` ${differsFrom} `), ...visible(differs));
  if (differs === '') mark.append(make('span', { className: 'gap' }), hidden(nothing));
  mark.append(hidden(` ${differsTo} `));
  return [...visible(endOf(before)), mark, ...visible(startOf(after))];
}

function endOf(text) {
  const characters = Array.from(text);
  return characters.length > CONTEXT_BEFORE ? `…${characters.slice(-CONTEXT_BEFORE).join('')}` : text;
}

function startOf(text) {
  const characters = Array.from(text);
  return characters.length > CONTEXT_AFTER ? `${characters.slice(0, CONTEXT_AFTER).join('')}…` : text;
}

/** Where in the UTF-8 bytes the difference begins, how long it is, and the first of its bytes in hexadecimal. */
export function bytesOf([before, differs]) {
  const encoder = new TextEncoder();
  const bytes = [...encoder.encode(differs)];
  const shown = bytes.slice(0, MAX_BYTES_SHOWN).map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    offset: encoder.encode(before).length,
    count: bytes.length,
    hex: shown.join(' ') + (bytes.length > shown.length ? ' …' : ''),
  };
}
