import type { FastifyRequest } from 'fastify';

/** A form's or a query's fields as flat text; whatever else a client may send counts as not sent. */
export function fieldsOf(sent: unknown, most: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries((sent ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= most,
    ),
  );
}

/** One field of the form; '' where it was not sent. Longer ones are cut. */
export function fieldOf(request: FastifyRequest, name: string, most: number): string {
  const value = ((request.body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.slice(0, most) : '';
}
