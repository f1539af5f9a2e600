import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { parseYamlFile } from '../domain/campaign-file/campaign-yaml.ts';
import { decodeText } from '../domain/campaign-file/decode-text.ts';
import { depthProblem, repeatedNames } from '../domain/campaign-file/json-names.ts';
import { numberProblems } from '../domain/campaign-file/json-numbers.ts';
import { jsonPlace, notJson } from '../domain/campaign-file/json-place.ts';
import { InputError } from '../domain/errors.ts';

/**
 * Forms, JSON and YAML files (RFC 9512), of the kind that the route's schema describes, are all that anybody here reads. Bytes that are not UTF-8, numbers that are
 * not in plain digits, and names that are there twice are refused before anything is made of them.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['text/plain', 'application/json']);
  app.addContentTypeParser(
    'application/yaml',
    { parseAs: 'buffer' },
    async ({ routeOptions }: FastifyRequest, body: string | Buffer) => {
      const schema = routeOptions.schema?.body as TSchema | undefined;
      return parseYamlFile(decodeText(body as Buffer), schema ?? Type.Object({}));
    },
  );
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const text = decodeText(body as Buffer, 'body');
      const deep = depthProblem(text);
      if (deep) throw new InputError([deep]);
      parseJson(request, text, (error, value) => {
        if (error) return done(refusalOf(text, error));
        const problems = [...repeatedNames(text), ...numberProblems(text)];
        done(problems.length > 0 ? new InputError(problems) : null, value);
      });
    } catch (error) {
      done(error as Error);
    }
  });
}

/** The parser's refusal, with the place it means or the name. */
function refusalOf(text: string, error: Error): Error {
  if (text.trim() === '') return error;
  const place = jsonPlace(text);
  return Object.assign(error, { said: place === null ? nameRefused(text) : notJson(place) });
}

/** Objects with these names could change what all objects are, so Fastify's parser takes none of them. */
function nameRefused(text: string): string {
  const names = new Set<string>();
  JSON.parse(text, (name) => void names.add(name));
  const name = names.has('__proto__') ? '__proto__' : 'constructor';
  return `holds the name \`${name}\`, which is not taken; remove it`;
}
