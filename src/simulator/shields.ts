import type { SimulatedChallenge } from './challenges.ts';
import type { SimulatedResponse } from './platform.ts';

/** As seen in the field. Anubis calls its page a 200. */
export const SHIELDS: Readonly<Record<Exclude<SimulatedChallenge, 'none'>, SimulatedResponse>> = {
  cloudflare: page(
    403,
    'Just a moment...',
    '',
    'cf-mitigated: challenge\r\nserver: cloudflare\r\n',
  ),
  cloudflare503: page(503, 'Just a moment...', '<script>window._cf_chl_opt={}</script>'),
  aws: page(202, '', '', 'x-amzn-waf-action: challenge\r\n'),
  vercel: page(429, 'Vercel Security Checkpoint', '', 'x-vercel-mitigated: challenge\r\n'),
  anubis: page(
    200,
    'Making sure you&#39;re not a bot!',
    '<script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>',
  ),
};

function page(status: number, title: string, body: string, headers = ''): SimulatedResponse {
  const html = `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`;
  return { status, headers: `content-type: text/html; charset=UTF-8\r\n${headers}`, body: html };
}
