import type { Incoming } from '../platform.ts';

export type Form = Record<string, string | undefined>;

/** The fields of a query and of a form or JSON body, which goes before. Lists become text with blanks. */
export function fieldsOf({ query, headers, body }: Incoming): Form {
  const given = { ...fromUrl(query) };
  if (body === '') return given;
  if (headers['content-type']?.startsWith('application/json'))
    return { ...given, ...fromJson(body) };
  return { ...given, ...fromUrl(body) };
}

function fromUrl(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) form[name.replace(/\[\]$/, '')] = value;
  return form;
}

function fromJson(body: string): Form {
  try {
    const entries = Object.entries(JSON.parse(body) as Record<string, unknown>);
    return Object.fromEntries(
      entries.flatMap(([name, value]) => {
        if (typeof value === 'string') return [[name, value]];
        return Array.isArray(value) ? [[name, value.join(' ')]] : [];
      }),
    );
  } catch {
    return {};
  }
}

/** Where this server was asked: it is at home at whatever name it was reached by. */
export function originOf({ headers }: Incoming): string {
  return `http://${headers.host ?? 'localhost'}`;
}
