import type { Organisation } from '../../domain/campaign.ts';

/** An organisation's name, linked when it has an address. */
export function OrganisationName({ organisation }: { organisation: Organisation }) {
  const { name, url } = organisation;
  if (!url || !/^https?:\/\//i.test(url)) return <bdi>{name}</bdi>;
  return (
    <a href={url} rel="noopener nofollow">
      <bdi>{name}</bdi>
    </a>
  );
}
