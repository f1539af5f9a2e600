/** Stands where the name will be while a sentence is translated. */
export const NAME = '\u0000';

/** A sentence with a name in it, kept apart: a name may be written in the other direction. */
export function NameWithin({ text, name }: { text: string; name: string }) {
  const [before, after = ''] = text.split(NAME);
  return (
    <>
      {before}
      <bdi>{name}</bdi>
      {after}
    </>
  );
}
