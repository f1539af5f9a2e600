import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseCampaignYaml } from '../domain/campaign-input.ts';
import { decodeText } from '../domain/decode-text.ts';
import { InputError } from '../domain/errors.ts';
import { repeatedNames } from '../domain/json-names.ts';
import { numberProblems } from '../domain/json-numbers.ts';

/**
 * Forms, JSON and a campaign's YAML file (RFC 9512) are all that anybody here reads. Bytes that are not UTF-8, numbers that are
 * not in plain digits, and names that are there twice are refused before anything is made of them.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['text/plain', 'application/json']);
  app.addContentTypeParser(
    'application/yaml',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: string | Buffer) =>
      parseCampaignYaml(decodeText(body as Buffer)),
  );
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = decodeText(body as Buffer, 'body');
      parseJson(request, text, (error, value) => {
        const problems = error ? [] : [...repeatedNames(text), ...numberProblems(text)];
        done(problems.length > 0 ? new InputError(problems) : error, value);
      });
    } catch (error) {
      done(error as Error);
    }
  });
}
