// Cookies that the server reads as well: how pages look, for a year.

const YEAR_SECONDS = 365 * 24 * 3_600;

/** Where the site is encrypted, so is every cookie. */
export function cookieOf(name: string, value: string, protocol: string = location.protocol): string {
  const secure = protocol === 'https:' ? '; secure' : '';
  return `${name}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}

export function keepCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = cookieOf(name, value);
}
