import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { CAMPAIGN_EXAMPLE, PUBLIC_PATHS } from './openapi-parts.ts';

/** What the document says of an operation beside what its route says of itself. */
interface Operation {
  id: string;
  tag: keyof typeof TAGS;
  /** An example of the body. */
  body?: object;
  /** The body may be left out. */
  bodyOptional?: true;
}

const TAGS = {
  campaigns: 'Create, approve, list and read campaigns',
  content: 'A campaign’s picture and its updates',
  delivery: 'How a delivery stands, and stopping it',
  platforms: 'The networks of this instance',
  embedding: 'What other sites show of a campaign; no key is needed',
} as const;

const REASON = { reason: 'The link in the text is wrong' };
const pause = { tag: 'delivery', body: REASON, bodyOptional: true } as const;

/** Operations by method and address, but for those whose route says `operationId` and `tags` itself; a test finds one without. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'get /api/v1/campaigns': { id: 'listCampaigns', tag: 'campaigns' },
  'post /api/v1/campaigns': { id: 'createCampaign', tag: 'campaigns', body: CAMPAIGN_EXAMPLE },
  'get /api/v1/campaigns/{slug}': { id: 'getCampaign', tag: 'campaigns' },
  'get /api/v1/campaigns/{slug}/previews': { id: 'listPreviews', tag: 'campaigns' },
  'post /api/v1/campaigns/{slug}/approve': { id: 'approveCampaign', tag: 'campaigns' },
  'put /api/v1/campaigns/{slug}/picture': { id: 'setPicture', tag: 'content' },
  'get /api/v1/campaigns/{slug}/updates': { id: 'listUpdates', tag: 'content' },
  'post /api/v1/campaigns/{slug}/updates': {
    id: 'postUpdate',
    tag: 'content',
    body: { text: { en: 'The board has **answered**.' } },
  },
  'delete /api/v1/campaigns/{slug}/updates/{id}': { id: 'withdrawUpdate', tag: 'content' },
  'get /api/v1/campaigns/{slug}/delivery': { id: 'getDelivery', tag: 'delivery' },
  'get /api/v1/holds': { id: 'listHolds', tag: 'delivery' },
  'post /api/v1/campaigns/{slug}/pause': { id: 'pauseCampaign', ...pause },
  'post /api/v1/campaigns/{slug}/resume': { id: 'resumeCampaign', ...pause },
  'post /api/v1/campaigns/{slug}/abort': {
    id: 'abortCampaign',
    tag: 'delivery',
    body: { confirm: 'quiet-rivers', ...REASON },
  },
  'post /api/v1/platforms/{name}/pause': { id: 'pausePlatform', ...pause },
  'post /api/v1/platforms/{name}/resume': { id: 'resumePlatform', ...pause },
  'post /api/v1/platforms/{name}/abort': {
    id: 'abortPlatform',
    tag: 'delivery',
    body: { confirm: 'x', ...REASON },
  },
  'post /api/v1/instance/pause': { id: 'pauseInstance', ...pause },
  'post /api/v1/instance/resume': { id: 'resumeInstance', ...pause },
  'post /api/v1/instance/abort': {
    id: 'abortInstance',
    tag: 'delivery',
    body: { confirm: 'instance', ...REASON },
  },
  'post /api/v1/campaigns/{slug}/moment': {
    id: 'decideMoment',
    tag: 'campaigns',
    body: { decision: 'move' },
  },
  'post /api/v1/instance/release': { id: 'releaseInstance', ...pause },
  'get /api/v1/platforms': { id: 'listPlatforms', tag: 'platforms' },
};

const PARAMETERS: Readonly<Record<string, { description: string; example: string }>> = {
  slug: { description: 'The campaign’s slug', example: 'quiet-rivers' },
  name: { description: 'The platform’s name', example: 'mastodon' },
  id: { description: 'The update’s id', example: '3f0c1f0e-5a0e-4a55-9c51-0a7b2f6d4c11' },
};

type Json = Record<string, unknown>;
interface RouteDocument extends Json {
  parameters?: (Json & { name: string; in: string })[];
  requestBody?: Json & { content: Record<string, Json> };
}
type Paths = Record<string, Record<string, RouteDocument>>;

/** The OpenAPI document for integrators: the API and what is embedded. Pages, receipts and `/ops` are not in it. */
export function openapiDocument(app: FastifyInstance, baseUrl: string): Json {
  const document = app.swagger() as unknown as Json & { paths: Paths };
  const api = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/'));
  const described = api.map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, route]) => [method, describe(method, path, route)]),
    ),
  ]);
  return {
    ...document,
    servers: [{ url: baseUrl }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: { ...Object.fromEntries(described), ...PUBLIC_PATHS },
  };
}

export function openapiYaml(app: FastifyInstance, baseUrl: string): string {
  // Through JSON, so that what is shared between operations is written out, without anchors.
  return stringify(JSON.parse(JSON.stringify(openapiDocument(app, baseUrl))));
}

function describe(method: string, path: string, route: RouteDocument): Json {
  const operation = OPERATIONS[`${method} ${path}`];
  const { body, bodyOptional } = operation ?? {};
  return {
    ...(operation && { operationId: operation.id, tags: [operation.tag] }),
    ...route,
    ...(route.parameters
      ? { parameters: route.parameters.map((one) => ({ ...one, ...PARAMETERS[one.name] })) }
      : {}),
    ...(route.requestBody
      ? { requestBody: bodyOf(route.requestBody, body, bodyOptional ?? false) }
      : {}),
  };
}

function bodyOf(
  body: NonNullable<RouteDocument['requestBody']>,
  example: object | undefined,
  optional: boolean,
): Json {
  const content = Object.entries(body.content).map(([type, media]) => [
    type,
    example === undefined ? media : { ...media, example },
  ]);
  return { ...body, required: !optional, content: Object.fromEntries(content) };
}
