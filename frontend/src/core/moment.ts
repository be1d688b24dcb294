// Which moment a player shows, for what goes with it: the chat of that time. Told some times a second while the picture is of the past.

export const MOMENT = 'millrace:moment';

/** Nothing where what is live is shown. */
export interface Moment {
  /** Milliseconds since 1970, by the clock of the site. */
  wall: number;
  /** The site knows all that was said before this; nothing where it knows all of it. */
  until?: number;
}

export function tellMoment(moment: Moment | undefined): void {
  document.dispatchEvent(new CustomEvent(MOMENT, { detail: moment ?? null }));
}

export const GO_TO = 'millrace:go-to';

/** Asks the player of the page for a moment of its video, in milliseconds of media. */
export function askMoment(millis: number): void {
  document.dispatchEvent(new CustomEvent(GO_TO, { detail: millis }));
}
