/** What can be set about the simulated Facebook alone. */
export interface FacebookBehaviour {
  /** People let the app have all their pages, also later ones, so that a token's granular scopes name none of them. */
  allowsAllPages: boolean;
  /** The most entries on one sheet of a list, whatever is asked for. */
  maxSheet: number;
}

export function defaultFacebook(): FacebookBehaviour {
  return { allowsAllPages: false, maxSheet: 100 };
}
