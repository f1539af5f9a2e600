/** How a platform counts a text and how much it takes; exported by the platform as data, used by the validator. */
export interface TextRule {
  /** The platform's name, as in the registry. */
  platform: string;
  /** As people call it. */
  label: string;
  /** The most that `measure` may give. */
  limit: number;
  /** The length of a text in the platform's own units. Pure. */
  measure(text: string): number;
}
