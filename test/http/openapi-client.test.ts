import { Validator } from '@seriousme/openapi-schema-validator';
import { type OpenAPIClient, OpenAPIClientAxios } from 'openapi-client-axios';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createApiKey } from '../../src/actions/operator/operator-access.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';

interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters?: { name: string; in: string; description?: string }[];
  requestBody?: {
    required: boolean;
    content: Record<string, { schema?: object; example?: Record<string, unknown> }>;
  };
  responses: Record<string, unknown>;
}
interface Document {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
}

needs('postgres')('the OpenAPI document', () => {
  let stage: TestStage;
  let document: Document;
  beforeAll(async () => {
    stage = await startStage();
    document = (await (await fetch(`${stage.url}/api/openapi.json`)).json()) as Document;
  });

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method} ${path}`,
        path,
        operation,
      })),
    );

  it('E5 is valid, as JSON and as YAML', async () => {
    const found = await new Validator().validate({ ...structuredClone(document) });
    expect(found).toMatchObject({ valid: true });
    const answer = await fetch(`${stage.url}/api/openapi.yaml`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect(parse(await answer.text())).toEqual(document);
  });

  it('E5 is an integrator’s: the API and what is embedded, without pages, receipts and operators’ pages', () => {
    const others = Object.keys(document.paths).filter((path) => !path.startsWith('/api/v1/'));
    expect(others.sort()).toEqual([
      '/c/{slug}/card-{lang}.png',
      '/c/{slug}/qr.svg',
      '/c/{slug}/widget',
      '/oembed',
    ]);
    expect(document.servers).toEqual([{ url: stage.url }]);
  });

  it('E5 keeps the rules of a linter', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { name, path, operation } of operations()) {
      expect([name, operation.operationId]).toEqual([
        name,
        expect.stringMatching(/^[a-z][A-Za-z]+$/),
      ]);
      expect([name, operation.summary?.length]).toEqual([name, expect.any(Number)]);
      expect([name, operation.tags?.every((tag) => tags.includes(tag))]).toEqual([name, true]);
      expect([name, operation.tags]).toEqual([name, [expect.any(String)]]);
      expect([name, Array.isArray(operation.security)]).toEqual([name, true]);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one).sort();
      const given = (operation.parameters ?? []).filter((one) => one.in === 'path');
      expect([name, given.map((one) => one.name).sort()]).toEqual([name, inPath]);
      for (const parameter of operation.parameters ?? []) {
        expect([name, parameter.name, parameter.description]).toEqual([
          name,
          parameter.name,
          expect.any(String),
        ]);
      }
    }
  });

  it('E5 says which bodies are taken, and every example is taken as it is', async () => {
    const key = await createApiKey(stage.instance.ctx, { name: 'examples' });
    for (const { name, path, operation } of operations()) {
      const { requestBody } = operation;
      const verb = path.split('/').at(-1) ?? '';
      if (!requestBody) {
        expect(['pause', 'resume', 'abort', 'picture']).not.toContain(verb);
        continue;
      }
      expect([name, requestBody.required]).toEqual([
        name,
        !['pause', 'resume', 'release'].includes(verb),
      ]);
      const example = requestBody.content['application/json']?.example;
      if (verb === 'picture') continue;
      expect([name, example]).toEqual([name, expect.any(Object)]);
    }
    const call = (path: string, body?: object) =>
      fetch(stage.url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const bodyOf = (path: string) =>
      document.paths[path]?.post?.requestBody?.content['application/json']?.example;
    expect((await call('/api/v1/campaigns', bodyOf('/api/v1/campaigns'))).status).toBe(201);
    for (const verb of ['pause', 'resume']) {
      const path = `/api/v1/platforms/x/${verb}`;
      expect((await call(path)).status).toBe(200);
      const reasoned = await call(path, bodyOf(`/api/v1/platforms/{name}/${verb}`));
      expect(reasoned.status).toBe(200);
    }
  });

  it('E5 makes a client that can be used', async () => {
    const key = await createApiKey(stage.instance.ctx, { name: 'client' });
    const api = new OpenAPIClientAxios({
      definition: `${stage.url}/api/openapi.json`,
      axiosConfigDefaults: { headers: { authorization: `Bearer ${key}` } },
    });
    const client: OpenAPIClient = await api.getClient();
    /** An operation by its name, as a program calls it. */
    const call = async (id: string, ...given: unknown[]) => {
      const operation = client[id] as
        | ((...given: unknown[]) => Promise<{ data: unknown }>)
        | undefined;
      if (!operation) throw new Error(`The client has no ${id}`);
      return (await operation(...given)).data as Record<string, unknown>;
    };
    const opened = await stage.open();
    const shown = await call('getCampaign', { slug: opened.slug });
    expect(shown).toMatchObject({ slug: opened.slug, state: 'open', delivery: { pledges: 0 } });
    const listed = await call('listCampaigns', { list: 'coming', limit: 1 });
    expect(listed.campaigns).toHaveLength(1);
    const paused = await call('pauseCampaign', opened.slug, { reason: 'a test' });
    expect(paused).toMatchObject({ changed: true, holds: [{ kind: 'paused', reason: 'a test' }] });
    const resumed = await call('resumeCampaign', opened.slug);
    expect(resumed).toMatchObject({ changed: true, holds: [] });
    const embedded = await call('getOembed', { url: opened.url });
    expect(embedded).toMatchObject({ version: '1.0', type: 'rich' });
    expect(await call('getQrCode', opened.slug)).toContain('<svg');
  });
});
