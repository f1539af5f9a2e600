import fastify from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { AJV_OPTIONS } from '../../src/http/app.ts';
import { pictureUpload } from '../../src/http/routes/supporter/picture-routes.ts';
import { allRoutes } from '../../src/http/routes.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';

interface Operation {
  summary?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, unknown> };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];

needs('postgres')('the description of the API', () => {
  let stage: TestStage;
  let url: string;
  let text: string;
  let document: Document;
  beforeAll(async () => {
    stage = await startStage();
    ({ url } = stage);
    const answer = await fetch(`${url}/api/openapi.json`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    text = await answer.text();
    document = JSON.parse(text);
  });

  it('is made of schemas that all compile, though most of them are compiled when a request comes', async () => {
    const app = fastify({ ajv: AJV_OPTIONS });
    let routes = 0;
    app.addHook('onRoute', () => {
      routes += 1;
    });
    const { ctx } = stage.instance;
    for (const { method, url: path, schema } of allRoutes(ctx)) {
      app.route({ method, url: path, ...(schema && { schema }), handler: async () => null });
    }
    await app.register(pictureUpload(ctx));
    await app.ready();
    expect(routes).toBeGreaterThan(100);
    await app.close();
  });

  /** Every operation of the API, by what a caller asks for. */
  function operations(): [name: string, path: string, operation: Operation][] {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
        `${method} ${path}`,
        path,
        operation,
      ]),
    );
  }

  it('has the shape of OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info.title).toBe('Tocsin');
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(document.components.securitySchemes).toEqual({
      key: { type: 'http', scheme: 'bearer' },
    });
    for (const [name, path, operation] of operations()) {
      expect(path).toMatch(/^\//);
      expect(METHODS).toContain(name.split(' ')[0]);
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect([name, given.map((parameter) => parameter.name)]).toEqual([name, wanted]);
      for (const parameter of given)
        expect(parameter).toMatchObject({ in: 'path', required: true });
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[1-5]\d\d$|^default$/);
        expect(response.description).toEqual(expect.any(String));
      }
    }
  });

  it('refers to nothing that is not in it', () => {
    for (const [, reference = ''] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const parts = reference.replace(/^#\//, '').split('/');
      const found = parts.reduce<unknown>(
        (at, part) => (at as Record<string, unknown> | undefined)?.[part],
        document,
      );
      expect([reference, found]).toEqual([reference, expect.anything()]);
    }
    expect(text).not.toContain('"undefined"');
  });

  it('lists every route of the API, each with its refusals as problem details', () => {
    const api = operations().filter(([, path]) => path.startsWith('/api/'));
    expect(api.map(([name]) => name).sort()).toEqual([
      'delete /api/v1/campaigns/{slug}/updates/{id}',
      'get /api/v1/campaigns',
      'get /api/v1/campaigns/{slug}',
      'get /api/v1/campaigns/{slug}/delivery',
      'get /api/v1/campaigns/{slug}/previews',
      'get /api/v1/campaigns/{slug}/updates',
      'get /api/v1/holds',
      'get /api/v1/platforms',
      'post /api/v1/campaigns',
      'post /api/v1/campaigns/{slug}/abort',
      'post /api/v1/campaigns/{slug}/approve',
      'post /api/v1/campaigns/{slug}/moment',
      'post /api/v1/campaigns/{slug}/pause',
      'post /api/v1/campaigns/{slug}/resume',
      'post /api/v1/campaigns/{slug}/updates',
      'post /api/v1/instance/abort',
      'post /api/v1/instance/pause',
      'post /api/v1/instance/release',
      'post /api/v1/instance/resume',
      'post /api/v1/platforms/{name}/abort',
      'post /api/v1/platforms/{name}/pause',
      'post /api/v1/platforms/{name}/resume',
      'put /api/v1/campaigns/{slug}/picture',
    ]);
    for (const [name, , operation] of api) {
      expect([name, operation.summary]).toEqual([name, expect.any(String)]);
      expect([name, operation.security]).toEqual([name, [{ key: [] }]]);
      const statuses = Object.keys(operation.responses);
      expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1);
      for (const status of ['400', '401', '404', '409', '413', '415', '422', '500']) {
        const content = operation.responses[status]?.content;
        expect([name, status, Object.keys(content ?? {})]).toEqual([
          name,
          status,
          ['application/problem+json'],
        ]);
        expect(content?.['application/problem+json']?.schema).toMatchObject({
          properties: { status: {}, detail: {}, errors: {} },
        });
      }
    }
  });

  it('says what a campaign is made of', () => {
    const create = document.paths['/api/v1/campaigns']?.post;
    const schema = create?.requestBody?.content['application/json']?.schema;
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    const fields = 'title story organiser link goal hashtags locales messages moment'.split(' ');
    expect(schema?.required).toHaveLength(fields.length);
    expect(schema?.required).toEqual(expect.arrayContaining(fields));
  });
});
