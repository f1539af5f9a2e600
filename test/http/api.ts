import { sql } from 'kysely';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import type { Context } from '../../src/context.ts';

/** An answer of the API. `body` is what it holds as JSON, or null when it holds none. */
export interface Answer {
  status: number;
  type: string;
  headers: Headers;
  text: string;
  body: Record<string, unknown> | null;
}

/** RFC 9457, as a test reads it. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code?: string;
  errors?: { field: string; message: string }[];
}

/** Somebody who talks to the API. */
export interface Caller {
  get(path: string): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Bytes as they are. */
  put(path: string, bytes: Uint8Array, type: string): Promise<Answer>;
  /** `body` as JSON, unless it is a text or, to be sent without its length, a stream already. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** Calls with `authorization` as the whole header; none when it is null. */
export function caller(url: string, authorization: string | null): Caller {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (authorization !== null) headers.set('authorization', authorization);
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const body = type.includes('json') ? (JSON.parse(text) as Answer['body']) : null;
    return { status: response.status, type, headers: response.headers, text, body };
  };
  return {
    get: (path) => send(path, {}),
    delete: (path) => send(path, { method: 'DELETE' }),
    put: (path, bytes, type) =>
      send(path, {
        method: 'PUT',
        headers: { 'content-type': type },
        body: new Uint8Array(bytes),
      }),
    post: (path, body, headers) => {
      if (body === undefined) return send(path, { method: 'POST', headers: headers ?? {} });
      const raw = typeof body === 'string' || body instanceof ReadableStream;
      return send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: raw ? body : JSON.stringify(body),
        ...(raw && typeof body !== 'string' ? { duplex: 'half' } : {}),
      });
    },
  };
}

/** Calls with a key of its own. */
export async function keyHolder(ctx: Context, url: string, name: string): Promise<Caller> {
  return caller(url, `Bearer ${await createApiKey(ctx, { name })}`);
}

/** Rows that a refused campaign could have left anywhere. */
export async function storedRows(ctx: Context): Promise<number> {
  const found = await sql<{ count: number }>`
    select (select count(*) from campaign)::int + (select count(*) from campaign_key)::int
      + (select count(*) from audit_entry where action like 'campaign.%')::int as count`.execute(
    ctx.db,
  );
  return found.rows[0]?.count ?? -1;
}
