import type { SimulatedRefusal } from '../behaviour.ts';
import type { SimulatedResponse } from '../platform.ts';

/**
 * The bodies that LinkedIn answers with, as field reports have them: github.com/n8n-io/n8n/issues/14737 (426),
 * github.com/Arisamiga/Linkedin-RSS/issues/5 (422), github.com/Automattic/wp-calypso/issues/32007 (429).
 */
const JSON_TYPE = 'content-type: application/json\r\n';
export const HTML_TYPE = 'content-type: text/html; charset=utf-8\r\n';

/** `headers`: further header lines. */
export function json(status: number, body: unknown, headers = ''): SimulatedResponse {
  return { status, headers: JSON_TYPE + headers, body: JSON.stringify(body) };
}

/** A code and a number of LinkedIn's own, beside the status. */
export function failure(status: number, code: string, message: string, serviceErrorCode?: number) {
  const service = serviceErrorCode === undefined ? {} : { serviceErrorCode };
  return json(status, { status, ...service, code, message });
}

export function unauthorized(): SimulatedResponse {
  return failure(401, 'INVALID_ACCESS_TOKEN', 'Invalid access token', 65600);
}

export function accessDenied(): SimulatedResponse {
  const message = 'Not enough permissions to access: partnerApiPostsExternal.CREATE';
  return failure(403, 'ACCESS_DENIED', message, 100);
}

/** `whose`: APPLICATION, MEMBER or APPLICATION_AND_MEMBER. */
export function tooManyRequests(whose: string): SimulatedResponse {
  const message = `Resource level throttle ${whose} DAY limit for calls to this resource is reached.`;
  return failure(429, 'TOO_MANY_REQUESTS', message, 101);
}

/** What is wrong with the input; `code` tells the cases apart. */
export function badInput(code: string, description: string, message: string): SimulatedResponse {
  return json(422, {
    errorDetailType: 'com.linkedin.common.error.BadRequest',
    message,
    errorDetails: { inputErrors: [{ description, input: {}, code }] },
    status: 422,
  });
}

export function duplicateOf(urn: string): SimulatedResponse {
  const message = `com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of ${urn}`;
  return badInput('DUPLICATE_POST', 'Duplicate post is detected', message);
}

export function oauthError(status: number, error: string, description: string): SimulatedResponse {
  return json(status, { error, error_description: description });
}

function html(status: number, title: string): SimulatedResponse {
  const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: HTML_TYPE, body: page };
}

/** The answers that can be forced. What LinkedIn has no answer of its own for is answered as the nearest it has. */
export function forced(refusal: SimulatedRefusal): SimulatedResponse {
  switch (refusal) {
    // What a gateway puts in the platform's place: it says 200 and means nothing by it.
    case 'status200Html':
      return html(200, 'One moment, please');
    case 'status400InvalidGrant':
      return oauthError(400, 'invalid_grant', 'The authorization code is invalid or expired.');
    // A restricted member's token stops working; nothing tells the cases apart.
    case 'status401':
    case 'status403Locked':
    case 'status403Suspended':
      return unauthorized();
    case 'status402':
    case 'status403Forbidden':
    case 'status403NotPermitted':
      return accessDenied();
    case 'status429App':
      return tooManyRequests('APPLICATION');
    case 'status429User':
      return tooManyRequests('APPLICATION_AND_MEMBER');
    case 'status500':
      return failure(500, 'INTERNAL_SERVER_ERROR', 'Internal Server Error', 0);
    case 'status502':
      return html(502, '502 Bad Gateway');
    case 'status503':
      return failure(503, 'SERVICE_UNAVAILABLE', 'Service Unavailable');
  }
}
