import { request } from 'undici';

/** An answer as it comes over the wire: its body is not inflated. */
export interface RawAnswer {
  status: number;
  encoding: string | null;
  body: Buffer;
}

export async function askRaw(
  url: string,
  { encoding, locale = 'en' }: { encoding: string; locale?: string },
): Promise<RawAnswer> {
  const { statusCode, headers, body } = await request(url, {
    headers: { 'accept-encoding': encoding, 'accept-language': locale },
  });
  const used = headers['content-encoding'];
  return {
    status: statusCode,
    encoding: typeof used === 'string' ? used : null,
    body: Buffer.from(await body.arrayBuffer()),
  };
}

/** Compressed bytes of a page and of all that it names but pictures. @throws when one of them is not there. */
export async function weigh(url: string, locale: string): Promise<number> {
  const page = await askRaw(url, { encoding: 'br', locale });
  const html = (await askRaw(url, { encoding: 'identity', locale })).body.toString('utf8');
  const named = [...html.matchAll(/\b(?:src|href)="(\/assets\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  let sum = page.body.length;
  for (const path of new Set(named)) {
    const answer = await askRaw(new URL(path, url).href, { encoding: 'br' });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    sum += answer.body.length;
  }
  return sum;
}
