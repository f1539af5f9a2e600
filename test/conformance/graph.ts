import { Secret } from '../../config/secrets.ts';
import { answers } from './raw.ts';

/** What both of Meta's platforms are told. */
export function metaApp(url: string, timeoutMs: number) {
  const clientSecret = new Secret('test-secret');
  return { clientId: 'test-app', clientSecret, apiUrl: url, timeoutMs };
}

/** An error of the Graph API: developers.facebook.com/docs/graph-api/guides/error-handling. */
export function graphError(
  code: number,
  more: { subcode?: number; message?: string; transient?: boolean; status?: number } = {},
  headers: Record<string, string> = {},
): () => Promise<string> {
  const { subcode, message = 'No.', transient = false, status = 400 } = more;
  const error = {
    message,
    type: 'OAuthException',
    is_transient: transient,
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    fbtrace_id: 'A0',
  };
  return answers(status, { error }, headers);
}

/** Minutes until it may be asked again: developers.facebook.com/docs/graph-api/overview/rate-limiting. */
export function regainIn(minutes: number): Record<string, string> {
  const entry = { type: 'pages', call_count: 100, estimated_time_to_regain_access: minutes };
  return { 'x-business-use-case-usage': JSON.stringify({ '1': [entry] }) };
}

/** Where Meta names no time. Seconds. */
export const UNNAMED_SECONDS = 300;

export const refused = (
  reason:
    | 'account_locked'
    | 'app_problem'
    | 'duplicate'
    | 'page_gone'
    | 'quota_user'
    | 'reauthorize'
    | 'text_invalid',
) => ({ kind: 'refused' as const, reason });
