import type { FastifySchemaValidationError } from 'fastify';
import type { FieldProblem } from '../domain/errors.ts';

/** What is wrong with the parameters of an address, by Fastify's own check, in words that name the field and the mend. */
export function queryProblems(errors: readonly FastifySchemaValidationError[]): FieldProblem[] {
  return errors.map((error) => ({ field: fieldOf(error), message: messageOf(error) }));
}

function fieldOf({ instancePath, params }: FastifySchemaValidationError): string {
  const named = params.additionalProperty ?? params.missingProperty;
  const path = instancePath.slice(1).replaceAll('/', '.');
  return [path, named].filter((part) => typeof part === 'string' && part !== '').join('.');
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text, given once',
};

function messageOf({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'maximum':
      return `is too large; give ${params.limit} at most`;
    case 'minimum':
      return `is too small; give ${params.limit} at least`;
    case 'type':
      return `is not of the right kind; give ${TYPES[String(params.type)] ?? params.type}`;
    case 'enum':
      return `is not one of those there are; give ${[params.allowedValues].flat().join(', ')}`;
    case 'maxLength':
      return `is too long; give ${params.limit} characters at most`;
    case 'minLength':
      return `is too short; give ${params.limit} characters at least`;
    case 'required':
      return 'is missing; give it';
    case 'additionalProperties':
      return 'is not a parameter that exists; leave it out';
    default:
      return `is not right: ${message ?? keyword}; see /api/openapi.json`;
  }
}
