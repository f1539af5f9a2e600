import { Type } from 'typebox';
import type { SetPicture } from '../actions/campaign/set-picture.ts';
import type { Context } from '../context.ts';
import { picturePath } from '../domain/picture-path.ts';

/** A campaign's picture in JSON. */
export const PictureJson = Type.Object(
  {
    slug: Type.String(),
    picture: Type.Array(
      Type.Object({
        width: Type.Integer(),
        height: Type.Integer(),
        url: Type.String({ description: 'WebP; until approval for operators who are signed in' }),
      }),
      { description: 'Each width it is kept in, the narrowest first' },
    ),
  },
  { title: 'Picture' },
);

export function pictureJson(ctx: Pick<Context, 'baseUrl'>, { campaign, picture }: SetPicture) {
  return {
    slug: campaign.slug,
    picture: picture.sizes.map(({ width, height }) => ({
      width,
      height,
      url: ctx.baseUrl + picturePath(campaign.slug, picture.hash, width),
    })),
  };
}
