import { describe, expect, it } from 'vitest';
import { isChallenge, keptOut } from '../../src/outbound/challenge.ts';
import { SHIELDS } from '../../src/simulator/shields.ts';

const HTML = 'text/html; charset=utf-8';
const page = (status: number, body: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'content-type': HTML, ...headers },
  body: `<html><body>${body}</body></html>`,
});
const JSD = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>';

/** The lines of an answer's headers, as they are read. */
function headersOf(lines: string): Record<string, string> {
  const fields = lines.trim().split('\r\n');
  return Object.fromEntries(fields.map((line) => line.split(': ') as [string, string]));
}

describe('a challenge for browsers', () => {
  it.each(Object.entries(SHIELDS))('B7 is seen: %s', (_name, { status, headers, body }) => {
    expect(isChallenge({ status, headers: headersOf(headers), body })).toBe(true);
  });

  const others: [string, Parameters<typeof isChallenge>[0]][] = [
    ['by its header alone', page(403, '', { 'cf-mitigated': 'challenge' })],
    ['with a header in capitals', page(503, '', { 'cf-mitigated': 'Challenge' })],
    ['an older Cloudflare', page(503, '<div class="cf-browser-verification"></div>')],
    ['DDoS-Guard', page(403, '<script src="/.well-known/ddos-guard/js-challenge/index.js">')],
    ['Imperva', page(403, '<iframe src="/_Incapsula_Resource?SWUDNSAI=31"></iframe>')],
    ['Sucuri', page(403, "<script>sucuri_cloudproxy_js='';</script>")],
    ['DataDome', page(403, '<script src="https://ct.captcha-delivery.com/c.js"></script>')],
    ['a captcha of AWS', page(405, '', { 'x-amzn-waf-action': 'captcha' })],
  ];
  it.each(others)('B7 is seen: %s', (_name, response) => expect(isChallenge(response)).toBe(true));

  const none: [string, Parameters<typeof isChallenge>[0]][] = [
    ['a gateway’s own page, in which a CDN counts browsers', page(502, JSD)],
    ['the same as 503', page(503, JSD)],
    ['a CDN’s page about a server that does not answer', page(524, '<div id="cf-error-details">')],
    ['a page of nginx', page(403, '<center>nginx</center>')],
    ['a challenge that was passed', page(200, '', { 'cf-mitigated': 'none' })],
    [
      'a post about challenges',
      {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: '1', content: '<p>_cf_chl_opt</p>' }),
      },
    ],
    ['no type', { status: 403, headers: {}, body: '_cf_chl_opt' }],
  ];
  it.each(none)('B7 is not seen in %s', (_name, response) =>
    expect(isChallenge(response)).toBe(false),
  );

  it('B7 means that nothing was carried out, and that it is tried again', () => {
    const now = new Date('2027-03-01T12:00:00.000Z');
    expect(keptOut(page(403, ''), now)).toEqual({
      ...{ kind: 'throttled', detail: '403 challenge', reason: 'challenged' },
      until: new Date('2027-03-01T12:01:00.000Z'),
    });
  });
});
