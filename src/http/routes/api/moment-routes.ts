import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { decideMoment } from '../../../actions/campaign/decide-moment.ts';
import type { Context } from '../../../context.ts';
import { InputError } from '../../../domain/errors.ts';
import { shapeProblems } from '../../../domain/schema-problems.ts';
import { CampaignJson, campaignJson } from '../../../present/campaign.ts';
import { refusals, refuseForms, security } from './api-parts.ts';

const Decision = Type.Object(
  {
    decision: Type.Enum(['keep', 'move'], {
      description:
        'keep: the instant stays; move: it becomes the one that the rules give for the wall time now, or the one that was decided where the database has another',
    }),
    to: Type.Optional(
      Type.String({ description: 'which instant to move to, where there are several; RFC 3339' }),
    ),
  },
  { additionalProperties: false },
);

/** A person's decision about a moment in doubt. */
export function momentRoutes(ctx: Context): RouteOptions[] {
  return [
    {
      method: 'POST',
      url: '/api/v1/campaigns/:slug/moment',
      preParsing: refuseForms,
      // The schema is for the document; the body is judged below, in words that name the mend.
      validatorCompiler: () => () => true,
      schema: {
        summary: 'Keep or move a moment in doubt',
        security,
        params: Type.Object({ slug: Type.String() }),
        body: Decision,
        response: { 200: CampaignJson, ...refusals },
      },
      handler: async (request) => {
        const { slug } = request.params as { slug: string };
        const body: unknown = request.body ?? {};
        const problems = shapeProblems(Decision, body, '');
        if (problems.length > 0) throw new InputError(problems);
        const given = body as { decision: 'keep' | 'move'; to?: string };
        const decided = await decideMoment(ctx, { slug, operator: request.operator, ...given });
        return campaignJson(ctx, decided);
      },
    },
  ];
}
