import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse } from '../platform.ts';

/**
 * The bodies that X answers with. Sources, as gathered in the platform facts, section 1.7:
 * docs.x.com/x-api/fundamentals/response-codes-and-errors, .../rate-limits, and field reports.
 */
const PROBLEMS = 'https://api.twitter.com/2/problems';

export const JSON_TYPE = 'content-type: application/json; charset=utf-8\r\n';
export const HTML_TYPE = 'content-type: text/html; charset=utf-8\r\n';

/** `headers`: further header lines. */
export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  return { status, headers: JSON_TYPE + headers, body: JSON.stringify(body) };
}

export function unauthorized(): SimulatedResponse {
  const body = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };
  return json(401, body);
}

/** 403 with the plain problem type; `detail` is what tells the cases apart. */
export function forbidden(detail: string, headers?: string): SimulatedResponse {
  return json(403, { detail, type: 'about:blank', title: 'Forbidden', status: 403 }, headers);
}

export const DUPLICATE = 'You are not allowed to create a Tweet with duplicate content.';

export function suspended(): SimulatedResponse {
  const detail = 'The account of this user is suspended, so it cannot act on X.';
  return json(403, { title: 'Forbidden', detail, type: `${PROBLEMS}/user-suspended`, status: 403 });
}

export function locked(): SimulatedResponse {
  const message =
    'To protect our users from spam and other malicious activity, this account is temporarily locked. ' +
    'Please log in to https://x.com to unlock your account.';
  return json(403, { errors: [{ code: 326, message }] });
}

export function invalidRequest(
  parameter: string,
  message: string,
  headers?: string,
): SimulatedResponse {
  const body = {
    errors: [{ parameters: { [parameter]: [] }, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: `${PROBLEMS}/invalid-request`,
    status: 400,
  };
  return json(400, body, headers);
}

export function tooManyRequests(headers: string): SimulatedResponse {
  return json(429, { errors: [{ code: 88, message: 'Rate limit exceeded' }] }, headers);
}

export function oauthError(status: number, error: string, description: string): SimulatedResponse {
  return json(status, { error, error_description: description });
}

function html(status: number, title: string): SimulatedResponse {
  const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: HTML_TYPE, body: page };
}

/** The answers that can be forced without looking at anything. 429 needs the caller's windows and is made elsewhere. */
export function forced(
  refusal: Exclude<SimulatedRefusal, 'status429App' | 'status429User'>,
): SimulatedResponse {
  switch (refusal) {
    // What a gateway puts in the platform's place: it says 200 and means nothing by it.
    case 'status200Html':
      return html(200, 'One moment, please');
    case 'status400InvalidGrant':
      return oauthError(400, 'invalid_grant', 'The grant is invalid, expired or revoked.');
    case 'status401':
      return unauthorized();
    case 'status402':
      return json(402, {
        title: 'CreditsDepleted',
        detail: 'The enrolled account does not have any credits to fulfil this request.',
        type: `${PROBLEMS}/credits`,
        status: 402,
      });
    case 'status403Forbidden':
      return clientForbidden();
    case 'status403Locked':
      return locked();
    case 'status403NotPermitted':
      return forbidden('You are not permitted to perform this action.');
    case 'status403Suspended':
      return suspended();
    case 'status500':
      return problem(
        500,
        'Internal Server Error',
        'Something is broken. This is usually temporary.',
      );
    case 'status502':
      return html(502, '502 Bad Gateway');
    case 'status503':
      return problem(
        503,
        'Service Unavailable',
        'The servers are up, but overloaded with requests.',
      );
  }
}

function clientForbidden(): SimulatedResponse {
  return json(403, {
    title: 'Client Forbidden',
    detail: 'The developer app is not enrolled for this access.',
    reason: 'client-not-enrolled',
    required_enrollment: 'Appropriate Level of API Access',
    type: `${PROBLEMS}/client-forbidden`,
    status: 403,
  });
}

function problem(status: number, title: string, detail: string): SimulatedResponse {
  return json(status, { title, detail, type: 'about:blank', status });
}
