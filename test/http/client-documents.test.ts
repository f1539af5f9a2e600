import { beforeAll, expect, it } from 'vitest';
import { needs } from '../support/database.ts';
import { startStage, type TestStage } from '../support/stage.ts';

needs('postgres')('the documents that say who we are', () => {
  let stage: TestStage;
  beforeAll(async () => {
    stage = await startStage();
  });

  const read = (path: string): Promise<Response> => fetch(new URL(path, stage.url));

  it('are public JSON, the same every time, with no secret in them', async () => {
    const answer = await read('/oauth/bluesky/client-metadata.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({
      client_id: `${stage.url}/oauth/bluesky/client-metadata.json`,
      redirect_uris: [`${stage.url}/callback/bluesky`],
      jwks_uri: `${stage.url}/oauth/bluesky/jwks.json`,
    });
    const keys = await (await read('/oauth/bluesky/jwks.json')).text();
    expect(Object.keys(JSON.parse(keys).keys[0]).sort()).toEqual([
      'alg',
      'crv',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ]);
    expect(await (await read('/oauth/bluesky/jwks.json')).text()).toBe(keys);
  });

  it.each(['/oauth/bluesky/nothing.json', '/oauth/x/jwks.json', '/oauth/bluesky/__proto__'])(
    'are not at %s',
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );
});
