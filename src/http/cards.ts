import { createHash } from 'node:crypto';
// Not by way of the pages' index: workers read that, too, and draw nothing.
import { renderCard } from '../web/cards/card.ts';
import type { CardView } from '../web/views/share.ts';

/** Cards that look as they did when they were drawn last; some 60 KB each. */
const MAX_DRAWN = 200;

/**
 * Draws cards one after the other, and each of them once: a count that moves on by ten makes a new one, a visitor does not.
 * Drawing is done beside the event loop, in a thread that files and compression need, too, so never in more than one.
 */
export function createCards(): (view: CardView) => Promise<Buffer> {
  const drawn = new Map<string, Buffer>();
  let last: Promise<unknown> = Promise.resolve();
  return async (view) => {
    const key = cardKey(view);
    const known = drawn.get(key);
    if (known) return known;
    const turn = last.then(() => renderCard(view));
    last = turn.catch(() => undefined);
    const card = await turn;
    drawn.set(key, card);
    const [oldest] = drawn.size > MAX_DRAWN ? drawn.keys() : [];
    if (oldest !== undefined) drawn.delete(oldest);
    return card;
  };
}

/** All that can be seen on a card. */
function cardKey({ picture, ...view }: CardView): string {
  const seen = JSON.stringify({ ...view, picture: picture?.hash });
  return createHash('sha256').update(seen).digest('base64url');
}
