import type { Incoming } from '../platform.ts';

/** A request's fields, from its query and over them its form or JSON body: Meta's APIs take either. */
export function fieldsOf({ query, headers, body }: Incoming): URLSearchParams {
  const given = new URLSearchParams(query);
  if (body === '') return given;
  for (const [name, value] of bodyFields(headers['content-type'] ?? '', body)) {
    given.set(name, value);
  }
  return given;
}

function bodyFields(type: string, body: string): Iterable<[string, string]> {
  if (!type.startsWith('application/json')) return new URLSearchParams(body);
  try {
    const fields = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return fields.filter((field): field is [string, string] => typeof field[1] === 'string');
  } catch {
    return [];
  }
}

/** The access token, in a field or in the header. */
export function tokenOf(request: Incoming): string {
  const header = request.headers.authorization ?? '';
  const bearer = /^(?:bearer|oauth) (.+)$/i.exec(header)?.[1];
  return fieldsOf(request).get('access_token') ?? bearer ?? '';
}

/** The path without its version. */
export function unversioned(path: string): string {
  return path.replace(/^\/v\d+\.\d+(?=\/)/, '');
}
