import type { FastifyRequest } from 'fastify';

/** A form's or a query's fields as flat text; whatever else a client may send counts as not sent. */
export function readFields(sent: unknown, most: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries((sent ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= most,
    ),
  );
}

/** One field of the form; '' where it was not sent. Longer ones are cut. */
export function readField(request: FastifyRequest, name: string, most: number): string {
  const value = ((request.body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.slice(0, most) : '';
}

/**
 * The longest text of one's own that is read, in bytes of UTF-8: far more than any network takes, and little enough that counting
 * it holds nothing up.
 */
export const MAX_WORDS = 64 * 1024;
/** A form with such a text, as browsers write it (%XX for a byte), and what else is in it. */
export const MAX_WORDS_FORM = 3 * MAX_WORDS + 16 * 1024;

/** A text that is longer than that: 413, RFC 9110, 15.5.14. */
class WordsTooLong extends Error {
  readonly statusCode = 413;
  constructor() {
    super(`own: is longer than ${MAX_WORDS / 1024} KiB; shorten it`);
  }
}

/** The text of one's own as it was sent; nothing has been computed of it. @throws an error of status 413 where it is too long. */
export function wordsIn(request: FastifyRequest): string {
  const { own } = (request.body ?? {}) as { own?: unknown };
  if (typeof own !== 'string') return '';
  if (Buffer.byteLength(own) > MAX_WORDS) throw new WordsTooLong();
  return own;
}
