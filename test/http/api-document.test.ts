import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { repository } from '../support/child.ts';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';
import { type Caller, keyHolder } from './api.ts';

type Json = Record<string, unknown>;

needs('postgres')('docs/api.md', () => {
  let stage: TestStage;
  let author: Caller;
  let text: string;
  /** The three examples: a campaign, what is answered to it, and a refusal. */
  let examples: Json[];
  beforeAll(async () => {
    stage = await startStage();
    author = await keyHolder(stage.instance.ctx, stage.url, 'author');
    text = await readFile(join(repository, 'docs/api.md'), 'utf8');
    examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
      JSON.parse(json),
    );
  });

  it('shows a campaign that is taken, and what is answered to it', async () => {
    const [campaign, answer] = examples;
    const made = await author.post('/api/v1/campaigns', campaign);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...answer,
      // These depend on the instance.
      url: `${stage.url}/c/quiet-rivers`,
      closes: expect.stringMatching(/^2031-06-01T14:59:58/),
      moment: {
        ...(answer?.moment as Json),
        tzdata: expect.stringMatching(/^20\d\d[a-z]$/),
        rules: {
          version: expect.stringMatching(/^20\d\d[a-z]$/),
          published: expect.any(String),
          age_days: expect.any(Number),
          doubts: [],
        },
      },
    });
  });

  it('shows a refusal as it comes', async () => {
    const moment = { at: '2031-06-01T12:00', zone: 'Europe/Atlantis' };
    const refused = await author.post('/api/v1/campaigns', { ...examples[0], moment });
    const atAnyTime = (body: unknown) =>
      JSON.stringify(body).replace(/\d\d:\d\d there now/g, 'TIME there now');
    expect(JSON.parse(atAnyTime(refused.body))).toEqual(JSON.parse(atAnyTime(examples[2])));
  });

  it('names every route of the API', async () => {
    const document = await (await fetch(`${stage.url}/api/openapi.json`)).json();
    const routes = Object.entries((document as { paths: Record<string, Json> }).paths)
      .filter(([path]) => path.startsWith('/api/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map(
          (method) =>
            `${method.toUpperCase()} ${path.replace('{slug}', 'SLUG').replace('{name}', 'NAME').replace('{id}', 'ID')}`,
        ),
      );
    expect(routes.length).toBeGreaterThan(3);
    for (const route of routes.filter((one) => one !== 'POST /api/v1/campaigns')) {
      expect(text).toContain(`\`${route}\``);
    }
    expect(text).toContain('-X POST https://tocsin.example/api/v1/campaigns ');
  });
});
