import { normaliseLocator, type RequiredLocator } from './account-locator.ts';
import { nearest } from './suggest.ts';

/** In letters. Farther off than this, a name that may well exist is taken as it is. */
const SLIP = 1;

/**
 * The well-known name that somebody most likely meant, or null. `known`: servers, or what handles end in. `refused`: what was
 * typed is known to lead nowhere, so that a guess may be bolder; else only a slip of one letter is doubted, since a name so
 * near to a well-known one is a trap as often as a slip.
 */
export function guessLocator(
  asked: RequiredLocator,
  typed: string,
  known: readonly string[],
  refused: boolean,
): string | null {
  const name = normaliseLocator(asked, typed);
  if (name === '' || asked === 'nothing') return null;
  const find = asked === 'server' ? guessName : guessHandle;
  const guess = find(name, known, refused);
  return guess === name ? null : guess;
}

function guessName(name: string, known: readonly string[], refused: boolean): string | null {
  if (known.includes(name)) return null;
  const [near = null] = nearest(name, known, 1, refused ? undefined : SLIP);
  // `mastodon` alone is the beginning of an address.
  return near ?? known.find((one) => one.startsWith(`${name}.`)) ?? null;
}

/**
 * `zoe@bsky.social` and `zoe.bsky.socail` are `zoe.bsky.social`. `zoe` alone is looked for under that name anyway, and a DID is
 * no handle: neither is doubted.
 */
function guessHandle(name: string, known: readonly string[], refused: boolean): string | null {
  const [first = '', ...rest] = name.split(/[@.]/);
  if (first === '' || rest.length === 0 || name.startsWith('did:')) return null;
  const place = rest.join('.');
  if (known.includes(place)) return name.includes('@') ? `${first}.${place}` : null;
  const near = guessName(place, known, refused);
  return near === null ? null : `${first}.${near}`;
}
