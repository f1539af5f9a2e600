import { LOCALES } from '../web/index.ts';

/** A campaign as it is sent. */
export const CAMPAIGN_EXAMPLE = {
  slug: 'quiet-rivers',
  title: { en: 'Quiet rivers' },
  story: { en: '## Why\n\nMarkdown, without HTML.' },
  organiser: { name: 'River people', url: 'https://example.org' },
  link: 'https://example.org/rivers',
  goal: 100,
  hashtags: ['QuietRivers'],
  locales: ['en'],
  messages: { en: 'Listen to the river. {{ hashtags }} {{ link }}' },
  moment: { at: '2031-06-01T12:00', zone: 'America/Sao_Paulo' },
};

const slug = {
  name: 'slug',
  in: 'path',
  required: true,
  description: 'The campaign’s slug',
  schema: { type: 'string' },
  example: 'quiet-rivers',
};
const lang = {
  name: 'lang',
  in: 'query',
  required: false,
  description: `One of the campaign’s languages (BCP 47), or of the interface: ${LOCALES.join(', ')}`,
  schema: { type: 'string', pattern: '^[A-Za-z0-9-]{2,35}$' },
};
const missing = { description: 'There is no such public campaign' };

function embedding(
  operationId: string,
  summary: string,
  parameters: object[],
  type: string,
  schema: object,
) {
  return {
    get: {
      operationId,
      tags: ['embedding'],
      summary,
      security: [],
      parameters,
      responses: {
        200: { description: summary, content: { [type]: { schema } } },
        404: missing,
      },
    },
  };
}

const size = (name: string) => ({
  name,
  in: 'query',
  required: false,
  description: 'The most pixels that the site has room for',
  schema: { type: 'integer', minimum: 1 },
});

/** What other sites show of a campaign; see docs/integrators.md. */
export const PUBLIC_PATHS = {
  '/oembed': embedding(
    'getOembed',
    'What to show for a campaign’s address (oembed.com)',
    [
      {
        name: 'url',
        in: 'query',
        required: true,
        description: 'Address of a campaign here, or its short link',
        schema: { type: 'string' },
        example: 'https://tocsin.example/c/quiet-rivers',
      },
      size('maxwidth'),
      size('maxheight'),
      {
        name: 'format',
        in: 'query',
        required: false,
        description: 'Any but `json` is answered with 501',
        schema: { type: 'string', enum: ['json'] },
      },
    ],
    'application/json',
    {
      type: 'object',
      required: ['version', 'type', 'title', 'html', 'width', 'height'],
      properties: {
        version: { type: 'string', const: '1.0' },
        type: { type: 'string', const: 'rich' },
        title: { type: 'string' },
        author_name: { type: 'string' },
        provider_name: { type: 'string' },
        provider_url: { type: 'string' },
        cache_age: { type: 'integer', description: 'Seconds' },
        html: { type: 'string', description: 'An iframe with the widget; no script' },
        width: { type: 'integer' },
        height: { type: 'integer' },
        thumbnail_url: { type: 'string' },
        thumbnail_width: { type: 'integer' },
        thumbnail_height: { type: 'integer' },
      },
    },
  ),
  '/c/{slug}/widget': embedding(
    'getWidget',
    'A small page for an iframe',
    [
      slug,
      lang,
      {
        name: 'theme',
        in: 'query',
        required: false,
        description: 'auto: as the visitor’s system',
        schema: { type: 'string', enum: ['auto', 'light', 'dark'], default: 'auto' },
      },
    ],
    'text/html',
    { type: 'string' },
  ),
  '/c/{slug}/qr.svg': embedding(
    'getQrCode',
    'QR code of the campaign’s short link',
    [
      slug,
      {
        ...lang,
        description: 'Goes along in the link; without it the browser of whoever scans it chooses',
      },
    ],
    'image/svg+xml',
    { type: 'string' },
  ),
  '/c/{slug}/card-{lang}.png': embedding(
    'getCard',
    'Card of the campaign, 1200 by 630 pixels',
    [slug, { ...lang, in: 'path', required: true, example: 'en' }],
    'image/png',
    { type: 'string', contentMediaType: 'image/png' },
  ),
};
