import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse } from '../platform.ts';

/**
 * The bodies that Meta's APIs answer with: developers.facebook.com/docs/graph-api/guides/error-handling, and field reports for
 * the subcodes of Threads (github.com/gitroomhq/postiz-app/pull/2047, github.com/trypostit/trypost/pull/280).
 */
export interface SimulatedGraphError {
  status?: number;
  message: string;
  code: number;
  subcode?: number;
  transient?: boolean;
}

const HTML_TYPE = 'content-type: text/html; charset=utf-8\r\n';

/** `headers`: further header lines. */
export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  const type = 'content-type: application/json; charset=UTF-8\r\n';
  return { status, headers: type + headers, body: JSON.stringify(body) };
}

export function graphError(error: SimulatedGraphError, headers = ''): SimulatedResponse {
  const { status = 400, message, code, subcode, transient = false } = error;
  const body = {
    message,
    type: code === 100 ? 'GraphMethodException' : 'OAuthException',
    is_transient: transient,
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    fbtrace_id: 'A0simulated',
  };
  return json(status, { error: body }, headers);
}

export const INVALID_TOKEN: SimulatedGraphError = {
  message: 'Error validating access token: The session is invalid.',
  code: 190,
  subcode: 467,
};
export const CHECKPOINT: SimulatedGraphError = {
  message: 'The user is enrolled in a blocking, logged-in checkpoint.',
  code: 190,
  subcode: 459,
};
const EXPIRED: SimulatedGraphError = {
  message: 'Error validating access token: Session has expired.',
  code: 190,
  subcode: 463,
};

/** What differs between the two networks. */
export interface Forced {
  locked: SimulatedGraphError;
  /** The limit of one account or page. */
  user: SimulatedGraphError;
}

/** The answers that can be forced without looking at anything. */
export function forced(
  refusal: SimulatedRefusal,
  own: Forced,
  resetSeconds: number,
): SimulatedResponse {
  switch (refusal) {
    case 'status200Html':
      return html(200, 'One moment, please');
    case 'status400InvalidGrant':
      return graphError(INVALID_TOKEN);
    case 'status401':
      return graphError({ ...EXPIRED, status: 401 });
    // Nothing is paid for here; the nearest are an app without the capability, and one that is shut off.
    case 'status402':
      return graphError({ message: 'Application does not have the capability.', code: 3 });
    case 'status403Forbidden':
      return graphError({ status: 403, message: 'API access blocked.', code: 200 });
    case 'status403Locked':
      return graphError(own.locked);
    case 'status403NotPermitted':
      return graphError({
        status: 403,
        message: '(#10) Application does not have permission for this action',
        code: 10,
      });
    case 'status403Suspended':
      return graphError(CHECKPOINT);
    case 'status429App':
      return graphError(
        { status: 403, message: '(#4) Application request limit reached', code: 4 },
        `x-app-usage: {"call_count":100,"total_time":25,"total_cputime":25}\r\n${regain(resetSeconds)}`,
      );
    case 'status429User':
      return graphError(own.user, regain(resetSeconds));
    case 'status500':
      return graphError({ status: 500, message: 'An unknown error occurred', code: 1 });
    case 'status502':
      return html(502, '502 Bad Gateway');
    case 'status503':
      return graphError({
        status: 503,
        message: 'Service temporarily unavailable',
        code: 2,
        transient: true,
      });
  }
}

/** Minutes until it may be asked again. */
export function regain(seconds: number): string {
  const entry = { type: 'pages', call_count: 100, total_cputime: 25, total_time: 25 };
  const minutes = Math.ceil(seconds / 60);
  const usage = { '1': [{ ...entry, estimated_time_to_regain_access: minutes }] };
  return `x-business-use-case-usage: ${JSON.stringify(usage)}\r\n`;
}

function html(status: number, title: string): SimulatedResponse {
  const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: HTML_TYPE, body: page };
}
