import ajvCompiler from '@fastify/ajv-compiler';
import stringifyCompiler from '@fastify/fast-json-stringify-compiler';
import type { FastifyServerOptions } from 'fastify';

type Factories = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>;
/** A schema of a request or an answer, as Fastify hands it over for a route. */
interface Part {
  schema: object;
}
type Build<Compiled> = (schemas: unknown, options: unknown) => (part: Part) => Compiled;
/** What a schema of a request becomes; it keeps what is wrong in `errors`. */
type Check = ((data: unknown) => boolean) & { errors?: unknown };
type Write = (data: unknown) => string;

/**
 * Fastify's own compilers, which compile a schema when the first request or answer needs it: most routes of a process are never asked
 * for, and all of them together cost a third of a second of a start. That every schema compiles, a test says. Apps that share what this
 * returns share what is compiled, and must have the same `ajv` options.
 */
export function compileLate(): Required<Factories> {
  const validators = shared(ajvCompiler() as unknown as Build<Check>);
  const serializers = shared(stringifyCompiler() as unknown as Build<Write>);
  const buildValidator: Build<(data: unknown) => unknown> = (schemas, options) => {
    const compile = validators(schemas, options);
    return (part) => (data) => {
      const check = compile(part);
      return check(data) || { error: check.errors };
    };
  };
  const buildSerializer: Build<Write> = (schemas, options) => {
    const compile = serializers(schemas, options);
    return (part) => (data) => compile(part)(data);
  };
  return { buildValidator, buildSerializer } as unknown as Required<Factories>;
}

/** A factory of compilers that compile each schema once between them, and are made when the first schema is to be compiled. */
function shared<Compiled>(build: Build<Compiled>): Build<Compiled> {
  const all = new WeakMap<object, Compiled>();
  return (schemas, options) => {
    let compile: ((part: Part) => Compiled) | undefined;
    return (part) => {
      const known = all.get(part.schema);
      if (known !== undefined) return known;
      compile ??= build(schemas, options);
      const compiled = compile(part);
      all.set(part.schema, compiled);
      return compiled;
    };
  };
}
