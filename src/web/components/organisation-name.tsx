import type { Organisation } from '../../domain/campaign.ts';

/** An organisation's name, linked when it has an address. */
export function OrganisationName({ organisation }: { organisation: Organisation }) {
  const { name, url } = organisation;
  if (!url || !/^https?:\/\//i.test(url)) return <>{name}</>;
  return (
    <a href={url} rel="noopener nofollow">
      {name}
    </a>
  );
}
