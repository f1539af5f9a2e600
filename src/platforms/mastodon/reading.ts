import type { HttpResponse } from '../../outbound/http-client.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A body as the object it stands for; null when it is none. */
export function readObject(body: string): Fields | null {
  const value = readJson(body);
  return isFields(value) ? value : null;
}

/** A body as the value it stands for; undefined when it is not JSON. */
export function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a reply that is one and says so; null for pages, errors and all else. */
export function objectIn({ status, headers, body }: HttpResponse): Fields | null {
  const isJson = /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '');
  return status === 200 && isJson ? readObject(body) : null;
}

/** The text at a path of fields; '' where there is none. */
export function textAt(from: unknown, ...path: readonly string[]): string {
  const value = valueAt(from, ...path);
  return typeof value === 'string' ? value : '';
}

/** The whole number above zero at a path of fields; null where there is none. */
export function countAt(from: unknown, ...path: readonly string[]): number | null {
  const value = valueAt(from, ...path);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** Whatever is at a path of fields; undefined where there is none. */
export function valueAt(from: unknown, ...path: readonly string[]): unknown {
  let value = from;
  for (const name of path) {
    if (!isFields(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

const ID = /^[\w.~-]{1,128}$/;

/** The id of an account or a post: the servers' own forms are numbers, ULIDs, UUIDs and hashes. Null when it is none. */
export function idIn(from: unknown): string | null {
  const id = textAt(from, 'id');
  return ID.test(id) ? id : null;
}

/**
 * An address that the server `origin` gives for something of its own; null when it is another's. A server may answer at
 * social.example.org for accounts of example.org, so that one may lie under the other.
 */
export function ownUrl(address: string, origin: string): string | null {
  if (!URL.canParse(address) || address.length > 2_000) return null;
  const url = new URL(address);
  const asked = new URL(origin);
  if (url.protocol !== asked.protocol || url.username !== '' || url.password !== '') return null;
  if (url.host === asked.host) return url.href;
  const isKin = isWithin(url.hostname, asked.hostname) || isWithin(asked.hostname, url.hostname);
  return isKin && url.port === '' && asked.port === '' ? url.href : null;
}

function isWithin(inner: string, outer: string): boolean {
  return outer.includes('.') && inner.endsWith(`.${outer}`);
}
